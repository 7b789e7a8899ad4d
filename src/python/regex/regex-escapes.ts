import type { Cursor } from './regex-cursor.js';

const CONTROL: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * The character that an escape stands for, where it means the same inside and outside of brackets. The cursor is
 * behind `letter`, the character after the backslash.
 */
export function escapedCodePoint(cursor: Cursor, letter: string): number {
  if (Object.hasOwn(CONTROL, letter)) return CONTROL[letter]!;
  if (Object.hasOwn(HEX_LENGTH, letter)) return hexadecimal(cursor, HEX_LENGTH[letter]!);
  if (letter === '0') return octal(cursor, letter);
  if (/[A-Za-z0-9]/.test(letter)) throw cursor.error(`the escape "\\${letter}" is not known`);
  return letter.codePointAt(0)!;
}

/** Up to three octal digits, the first of which was read. */
export function octal(cursor: Cursor, first: string): number {
  return Number.parseInt(first + cursor.take(/^[0-7]{0,2}/, 2)![0], 8);
}

function hexadecimal(cursor: Cursor, length: number): number {
  const digits = cursor.take(/^[0-9a-fA-F]+/, length)?.[0] ?? '';
  const value = Number.parseInt(digits, 16);
  if (digits.length === length && value <= 0x10ffff) return value;
  throw cursor.error(`an escape needs ${length} hexadecimal digits`);
}
