import { CallFailure } from '../../../protocol/index.js';
import {
  asLossless,
  compilePattern,
  isTrue,
  lower,
  parseIntText,
  PythonRegexError,
  pythonRepr,
  typeName,
} from '../../../python/index.js';

/** What a tool breaks off with, in Python's words; the model reads it. */
export class ToolFault extends Error {}

/** What a tool was given, by parameter; null for what it was not given. */
export type Given = Readonly<Record<string, unknown>>;

/** None of these says anything. */
export const noneOf = (...values: unknown[]): boolean => !values.some(isTrue);
/** One of these says nothing. */
export const lacking = (...values: unknown[]): boolean => !values.every(isTrue);

/** `value.lower()` */
export function lowered(value: unknown): string {
  if (typeof value === 'string') return lower(value);
  throw new ToolFault(`'${typeName(value)}' object has no attribute 'lower'`);
}

/** The lines with a pattern, case ignored, in one of these columns. */
export function containing<Cells extends Given>(
  lines: readonly Cells[],
  pattern: unknown,
  ...columns: string[]
): Cells[] {
  if (typeof pattern !== 'string') throw new ToolFault('first argument must be string or compiled pattern');
  const wanted = compiled(pattern);
  return lines.filter((cells) =>
    columns.some((column) => {
      const cell = cells[column];
      return typeof cell === 'string' && wanted.search(cell) !== undefined;
    }),
  );
}

function compiled(pattern: string) {
  try {
    return compilePattern(pattern, { ignoreCase: true });
  } catch (error) {
    if (error instanceof PythonRegexError) throw new ToolFault(error.message);
    throw error;
  }
}

/** The lines whose text in a column is not before `from` and not after `to`, where these say something. */
export function between<Cells extends Given>(
  lines: readonly Cells[],
  column: string,
  from: unknown,
  to: unknown,
): readonly Cells[] {
  for (const limit of [from, to]) {
    if (!isTrue(limit) || typeof limit === 'string') continue;
    throw new ToolFault(`Invalid comparison between dtype=str and ${typeName(limit)}`);
  }
  return lines.filter((cells) => {
    const text = cells[column];
    if (typeof text !== 'string') return noneOf(from, to);
    return !(isTrue(from) && text < (from as string)) && !(isTrue(to) && text > (to as string));
  });
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?)?$/;
const MAY_BE_TIME =
  /\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|now|today|nat|nan|none|null|^\s*$/i;

/**
 * A moment as a text that sorts by time: the usual ways to write one. Undefined for a text that is none. Throws
 * CallFailure for what the reference's library might read as one all the same.
 */
export function moment(value: unknown): string | undefined {
  const [whole, year, month, day, hour = '00', minute = '00', second = '00'] =
    (typeof value === 'string' ? TIME.exec(value) : null) ?? [];
  if (whole !== undefined) {
    const time = `${year!}-${month!}-${day!}T${hour}:${minute}:${second}`;
    const date = new Date(`${time}Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(time)) {
      return time + (/\.\d+$/.exec(whole)?.[0] ?? '');
    }
  }
  if (typeof value === 'string' && !MAY_BE_TIME.test(value)) return undefined;
  const shown = pythonRepr(asLossless(value));
  throw new CallFailure(
    'verify_unavailable',
    `Whether ${shown} is a moment, and which one, only the Python library can tell.`,
  );
}

/** `int(value)`; undefined for a text that is no number. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'string') return parseIntText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return Math.trunc(Number(value));
  throw new ToolFault(
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  );
}

/** A page of what was found, and which one it is; the last one for a number that is too high. */
export function paged(
  name: string,
  found: readonly unknown[],
  { page, page_size: size }: Given,
): { all: number; reply: () => unknown } {
  const all = found.length;
  if (typeof size !== 'number' && typeof size !== 'boolean') {
    throw new ToolFault(`unsupported operand type(s) for +: 'int' and '${typeName(size)}'`);
  }
  const each = Number(size);
  if (each === 0) throw new ToolFault('integer division or modulo by zero');
  const pages = Math.floor((all + each - 1) / each);
  if (pages > 0 && typeof page !== 'number' && typeof page !== 'boolean') {
    throw new ToolFault(`'<' not supported between instances of 'int' and '${typeName(page)}'`);
  }
  const at = pages > 0 ? Math.max(1, Math.min(Number(page), pages)) : 1;
  const start = (at - 1) * each;
  if (!Number.isInteger(start) || !Number.isInteger(each)) {
    throw new ToolFault('slice indices must be integers or None or have an __index__ method');
  }
  const counts = { [`total_${name}`]: all, page: at, page_size: each, total_pages: pages };
  return {
    all,
    reply: () => ({ [name]: found.slice(start, Math.min(start + each, all)), pagination: counts }),
  };
}
