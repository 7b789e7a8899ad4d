import { codePointSet } from './unicode/properties.js';
import type { SetName } from './unicode/properties.js';

/** True when there is a character and all are in one of the sets: how the `str.is…()` methods see a text. */
function all(text: string, ...names: SetName[]): boolean {
  const sets = names.map(codePointSet);
  const found = (character: string): boolean => sets.some((set) => set.has(character.codePointAt(0)!));
  return text !== '' && Array.from(text).every(found);
}

/** `str.isalpha()` */
export const isAlpha = (text: string): boolean => all(text, 'alpha');
/** `str.isdecimal()` */
export const isDecimal = (text: string): boolean => all(text, 'decimal');
/** `str.isdigit()` */
export const isDigit = (text: string): boolean => all(text, 'digit');
/** `str.isnumeric()` */
export const isNumeric = (text: string): boolean => all(text, 'numeric');
/** `str.isalnum()` */
export const isAlnum = (text: string): boolean => all(text, 'alpha', 'numeric');
/** `str.isspace()` */
export const isSpace = (text: string): boolean => all(text, 'space');
/** `str.isprintable()`: true for an empty text too. */
export const isPrintable = (text: string): boolean => text === '' || all(text, 'printable');
/** `str.isupper()`: at least one upper-case character and none of lower or title case. */
export const isUpper = (text: string): boolean => onlyCase(text, 'uppercase', 'lowercase');
/** `str.islower()`: at least one lower-case character and none of upper or title case. */
export const isLower = (text: string): boolean => onlyCase(text, 'lowercase', 'uppercase');

function onlyCase(text: string, wanted: SetName, other: SetName): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const has = (name: SetName): boolean => codes.some((code) => codePointSet(name).has(code));
  return has(wanted) && !has(other) && !has('titlecase');
}

/** True for exactly one character that `str.isalpha()` accepts. */
export function isLetter(text: string): boolean {
  const code = text.codePointAt(0);
  return code !== undefined && text.length === (code > 0xffff ? 2 : 1) && codePointSet('alpha').has(code);
}
