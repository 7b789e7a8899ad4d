import { randomBytes } from 'node:crypto';
import type { Json } from '../../protocol/index.js';

/** Stands before the digits of a number that JavaScript's numbers cannot hold; nobody can guess it. */
const MARK = `number-${randomBytes(9).toString('base64url')}:`;
const MARKED = new RegExp(`"${MARK}(-?[0-9]+)"`, 'g');
/** Fewer digits are always exact. */
const MANY_DIGITS = /\d{16}/;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * As JSON.parse, but whole numbers that would lose digits are kept as texts that {@link writeExact} makes numbers of
 * again: a body may be put together anew, and `9223372036854775807` in a tool's schema arrives as it was. Throws
 * SyntaxError.
 */
export function parseExact(text: string): Json {
  if (!MANY_DIGITS.test(text)) return JSON.parse(text) as Json;
  const marked = text.replace(TOKENS, (token) =>
    /^-?\d{16,}$/.test(token) && String(Number(token)) !== token ? `"${MARK}${token}"` : token,
  );
  // What is wrong is told of the text that was given.
  if (marked !== text) JSON.parse(text);
  return JSON.parse(marked) as Json;
}

/** The JSON text of a value that was read by {@link parseExact}. */
export function writeExact(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text;
}
