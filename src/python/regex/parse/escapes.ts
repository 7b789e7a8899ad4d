import { length } from './pattern-source.js';
import type { PatternSource } from './pattern-source.js';
import type { Category, Node, Place, SetItem } from './syntax.js';

export const CONTROLS: Readonly<Record<string, number>> = {
  '\\a': 7,
  '\\b': 8,
  '\\f': 12,
  '\\n': 10,
  '\\r': 13,
  '\\t': 9,
  '\\v': 11,
  '\\\\': 0x5c,
};
const PLACES: Readonly<Record<string, Place>> = {
  '\\A': 'textStart',
  '\\Z': 'textEnd',
  '\\b': 'boundary',
  '\\B': 'noBoundary',
};
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const OCTAL = /^[0-7]$/;
const DIGIT = /^[0-9]$/;
const ASCII_LETTER = /^[A-Za-z]$/;

/** An escape outside of brackets; undefined where it is a back-reference or an octal number, read by its own function. */
export function escapeNode(source: PatternSource, escape: string): Node | undefined {
  const place = PLACES[escape];
  if (place !== undefined) return { type: 'at', place };
  const category = categoryOf(escape);
  if (category !== undefined) return { type: 'set', negated: false, items: [category] };
  const digit = escape[1]!;
  if (DIGIT.test(digit) && digit !== '0') return undefined;
  const code =
    digit === '0' ? Number.parseInt(digit + source.takeWhile(2, OCTAL), 8) : escapedCodePoint(source, escape);
  return { type: 'character', code, negated: false };
}

/** An escape between brackets. */
export function setEscape(source: PatternSource, escape: string): SetItem {
  const category = CONTROLS[escape] === undefined ? categoryOf(escape) : undefined;
  if (category !== undefined) return category;
  if (!OCTAL.test(escape[1]!)) return { type: 'character', code: escapedCodePoint(source, escape) };
  const whole = escape + source.takeWhile(2, OCTAL);
  return { type: 'character', code: octal(source, whole) };
}

function categoryOf(escape: string): (SetItem & { type: 'category' }) | undefined {
  const letter = escape.slice(1);
  if (!/^[dswDSW]$/.test(letter)) return undefined;
  const category = letter.toLowerCase() as Category;
  return { type: 'category', category, negated: letter !== category };
}

function escapedCodePoint(source: PatternSource, escape: string): number {
  const control = CONTROLS[escape];
  if (control !== undefined) return control;
  const letter = escape.slice(1);
  const digits = HEX_LENGTH[letter];
  if (digits !== undefined) return hexadecimal(source, escape, digits);
  if (letter === 'N') {
    const problem =
      'the name of a character (\\N{…}) is not supported here: write the character or its \\u escape';
    throw source.errorAt(problem, source.position - 2, true);
  }
  if (ASCII_LETTER.test(letter) || DIGIT.test(letter))
    throw source.error(`bad escape ${escape}`, length(escape));
  return letter.codePointAt(0)!;
}

function hexadecimal(source: PatternSource, escape: string, digits: number): number {
  const whole = escape + source.takeWhile(digits, /^[0-9a-fA-F]$/);
  if (whole.length !== digits + 2) throw source.error(`incomplete escape ${whole}`, whole.length);
  const code = Number.parseInt(whole.slice(2), 16);
  if (code > 0x10ffff) throw source.error(`bad escape ${whole}`, whole.length);
  return code;
}

/** `\\` with up to three octal digits, all read. */
function octal(source: PatternSource, escape: string): number {
  const code = Number.parseInt(escape.slice(1), 8);
  if (code <= 0o377) return code;
  throw source.error(`octal escape value ${escape} outside of range 0-0o377`, escape.length);
}

/**
 * `\1` to `\99` refer to a group; three octal digits are a character. `escape` holds the backslash and the first
 * digit.
 */
export function numberEscape(
  source: PatternSource,
  escape: string,
): { group: number; escape: string } | { code: number } {
  if (source.next === undefined || !DIGIT.test(source.next))
    return { group: Number(escape.slice(1)), escape };
  const two = escape + source.take()!;
  if (/^\\[0-7]{2}$/.test(two) && source.next !== undefined && OCTAL.test(source.next)) {
    return { code: octal(source, two + source.take()!) };
  }
  return { group: Number(two.slice(1)), escape: two };
}
