import { z } from 'zod';
import { plainJson, pythonRegex, pythonStr, tryLoadsJson } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { lastItemText } from '../../kit/reply-text.js';
import { inBudget } from '../../kit/row-pattern.js';
import { Unreadable } from './minutes.js';
import { hasConflict, isAsExpected } from './schedule.js';

/** Brackets that hold at least one pair of braces; brackets within only inside braces. */
const LIST = pythonRegex(
  String.raw`\[(?:[^\[\]]|\{[^}]*\})*\{(?:[^\[\]]|\{[^}]*\})*\}(?:[^\[\]]|\{[^}]*\})*\]`,
  { dotAll: true },
);

/** The first list of objects in the reply. */
function readEvents(reply: string): Lossless[] {
  const found = inBudget('the list of events', () => LIST.search(reply)?.group());
  const events = found === undefined ? undefined : tryLoadsJson(found);
  return Array.isArray(events) ? events : [];
}

function byId(events: readonly Lossless[]): Map<string, unknown> {
  return new Map(
    events.map((event) => {
      const id = event instanceof Map ? event.get('event_id') : undefined;
      if (id === undefined) throw new Unreadable('no event_id');
      return [pythonStr(id), plainJson(event)];
    }),
  );
}

/** True when the reply holds the expected calendar. Without expectations any reply does that does not think aloud. */
function isRight(reply: string, expected: Readonly<Record<string, unknown>>): boolean {
  if (reply === '' || reply.includes('<think>')) return false;
  const wanted = Object.entries(expected);
  if (wanted.length === 0) return true;
  try {
    const events = readEvents(reply);
    const ids = byId(events);
    if (events.length === 0 || ids.size !== wanted.length || hasConflict(events.map(plainJson))) return false;
    return wanted.every(([id, event]) => ids.has(id) && isAsExpected(ids.get(id), event));
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

/** A calendar kept over a conversation: the last message lists its events. */
export const calendar = defineEnvironment({
  name: 'calendar',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ exp_cal_state: z.record(z.string(), z.unknown()) }),
  verify: ({ row, response }) => ({
    reward: Number(isRight(lastItemText(response) ?? '', row.exp_cal_state)),
  }),
});
