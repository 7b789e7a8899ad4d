import { label } from './failures.js';
import type { CallEntry, Content, Entry, ResultEntry } from './form.js';
import type { TranslateOptions } from './options.js';

/** What a call that was never answered is answered with. */
export const UNANSWERED = '[no result was recorded for this call]';

function isEmpty(content: Content): boolean {
  return content.length === 0;
}

/** One result for each call id: the last that says something, else the first. */
function resultsById(entries: readonly Entry[]): Map<string, ResultEntry> {
  const results = new Map<string, ResultEntry>();
  for (const entry of entries) {
    if (entry.kind !== 'result') continue;
    const known = results.get(entry.callId);
    if (known === undefined || !isEmpty(entry.content)) results.set(entry.callId, entry);
  }
  return results;
}

function isAssistantSide(entry: Entry): boolean {
  return (
    entry.kind === 'call' ||
    entry.kind === 'reasoning' ||
    (entry.kind === 'message' && entry.role === 'assistant')
  );
}

/** A result whose call is gone, as words of the user's: providers refuse it as a result. */
function orphan(entry: ResultEntry): Entry {
  const intro = `Result of an earlier tool call (${label(entry.callId)}):\n`;
  const content: Content =
    typeof entry.content === 'string'
      ? intro + entry.content
      : [{ kind: 'text', text: intro }, ...entry.content];
  return { kind: 'message', role: 'user', content };
}

/**
 * Puts every result right after the assistant turn that made the call, in call order; answers calls that have
 * no result with a stub, turns results without a call into user text, and keeps one result per call. The list
 * is returned as it is when nothing is wrong with it.
 */
export function repairToolOrder(entries: Entry[], options: TranslateOptions): Entry[] {
  if (isOrdered(entries)) return entries;
  const results = resultsById(entries);
  const calls = new Set(entries.flatMap((entry) => (entry.kind === 'call' ? [entry.callId] : [])));
  const repaired: Entry[] = [];
  let pending: CallEntry[] = [];
  const answer = (): void => {
    for (const call of pending) {
      const result = results.get(call.callId);
      if (result === undefined) options.onLoss?.({ part: call.callId, reason: 'a call without a result' });
      repaired.push(result ?? { kind: 'result', callId: call.callId, content: UNANSWERED });
    }
    pending = [];
  };
  for (const entry of entries) {
    if (entry.kind === 'result') {
      // A result ends the turn that made its call; one that was moved up already is skipped.
      if (!calls.has(entry.callId)) {
        answer();
        repaired.push(orphan(entry));
      } else if (pending.some((call) => call.callId === entry.callId)) answer();
      continue;
    }
    if (!isAssistantSide(entry)) answer();
    if (entry.kind === 'call') pending.push(entry);
    repaired.push(entry);
  }
  answer();
  return repaired;
}

/** True when every call is followed by exactly its results, with nothing between. */
function isOrdered(entries: readonly Entry[]): boolean {
  let open: string[] = [];
  let answering = false;
  for (const entry of entries) {
    if (entry.kind === 'call') {
      if (answering && open.length > 0) return false;
      if (answering) open = [];
      answering = false;
      open.push(entry.callId);
    } else if (entry.kind === 'result') {
      if (open.shift() !== entry.callId) return false;
      answering = true;
    } else if (open.length > 0 && (answering || !isAssistantSide(entry))) return false;
  }
  return open.length === 0;
}
