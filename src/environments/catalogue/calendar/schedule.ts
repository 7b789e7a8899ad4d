import { isObject } from '../../../protocol/index.js';
import { pythonEqual } from '../../../python/index.js';
import { minutesOf, Unreadable } from './minutes.js';

/** True when two different events share time. Equal events are one event. */
export function hasConflict(events: readonly unknown[]): boolean {
  return events.some((event) => {
    const span = spanOf(event);
    return events.some((other) => !pythonEqual(other, event) && overlap(span, spanOf(other)));
  });
}

interface Span {
  start: number;
  end: number;
}

function overlap(one: Span, two: Span): boolean {
  return !(one.end <= two.start || one.start >= two.end);
}

function spanOf(event: unknown): Span {
  const start = minutesOf(keyOf(event, 'start_time'));
  return { start, end: start + numberOf(keyOf(event, 'duration')) };
}

/** True when an event lasts as long as it should, within its window, and its constraint holds. */
export function isAsExpected(event: unknown, expected: unknown): boolean {
  if (!pythonEqual(keyOf(event, 'duration'), keyOf(expected, 'duration'))) return false;
  const [from, until] = [minutesOf(keyOf(expected, 'min_time')), minutesOf(keyOf(expected, 'max_time'))];
  const span = spanOf(event);
  if (span.start < from || span.end > until) return false;
  const constraint = keyOf(expected, 'constraint');
  return constraint === null || holds(constraint, span);
}

/** `before T`, `after T`, `at T`, `between T and T`; any other text forbids nothing. */
function holds(constraint: unknown, { start, end }: Span): boolean {
  if (typeof constraint !== 'string') throw new Unreadable('a constraint is a text');
  const word = ['before ', 'after ', 'between ', 'at '].find((each) => constraint.startsWith(each));
  if (word === undefined) return true;
  const rest = constraint.replaceAll(word, '');
  if (word === 'before ') return end <= minutesOf(rest);
  if (word === 'after ') return start >= minutesOf(rest);
  if (word === 'at ') return start === minutesOf(rest);
  const [from, until, ...more] = rest.split(' and ');
  if (until === undefined || more.length > 0) throw new Unreadable('between needs two times');
  const [low, high] = [minutesOf(from), minutesOf(until)];
  return start >= low && end <= high;
}

export function keyOf(value: unknown, key: string): unknown {
  if (!isObject(value) || !Object.hasOwn(value, key)) throw new Unreadable(`no ${key}`);
  return value[key];
}

function numberOf(value: unknown): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'number') throw new Unreadable('a duration is a number');
  return value;
}
