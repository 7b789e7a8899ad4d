import { splitWords } from './strings.js';
import { caseMap, codePointSet } from './unicode/properties.js';

const ASCII = /^[\0-\x7f]*$/;
const SIGMA = 0x3a3;

/** `str.lower()` */
export function lower(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : mapped(text, lowerAt);
}

/** `str.upper()` */
export function upper(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase();
  return mapped(text, (codes, at) => caseMap('upper').get(codes[at]!));
}

/** `str.casefold()` */
export function casefold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return mapped(text, (codes, at) => caseMap('casefold').get(codes[at]!) ?? caseMap('lower').get(codes[at]!));
}

/** `str.title()`: the first letter of each word in title case, the others in lower case. */
export function title(text: string): string {
  const cased = codePointSet('cased');
  return mapped(text, (codes, at) => {
    if (at > 0 && cased.has(codes[at - 1]!)) return lowerAt(codes, at);
    return caseMap('title').get(codes[at]!) ?? caseMap('upper').get(codes[at]!);
  });
}

/** Lower case with every run of white space made one space: how option texts are compared. */
export function normalized(text: string): string {
  return splitWords(lower(text)).join(' ');
}

/** Each character by what the function makes of it; undefined for itself. */
function mapped(text: string, map: (codes: number[], at: number) => string | undefined): string {
  const characters = Array.from(text);
  const codes = characters.map((character) => character.codePointAt(0)!);
  return characters.map((character, at) => map(codes, at) ?? character).join('');
}

function lowerAt(codes: number[], at: number): string | undefined {
  if (codes[at] === SIGMA) return isFinalSigma(codes, at) ? 'ς' : 'σ';
  return caseMap('lower').get(codes[at]!);
}

/** After a cased character and not before one; what is case-ignorable between does not count. */
function isFinalSigma(codes: number[], at: number): boolean {
  const ignorable = codePointSet('caseIgnorable');
  const cased = codePointSet('cased');
  let before = at - 1;
  while (before >= 0 && ignorable.has(codes[before]!)) before -= 1;
  if (before < 0 || !cased.has(codes[before]!)) return false;
  let after = at + 1;
  while (after < codes.length && ignorable.has(codes[after]!)) after += 1;
  return after === codes.length || !cased.has(codes[after]!);
}
