import { strip } from '../../python/index.js';

/** Option letters of other scripts, in the order A, B, C, D. Full-width letters become plain ones by NFKC. */
const SCRIPTS = ['أبجد', 'অবডঢ'];

const LATIN = new Map(
  SCRIPTS.flatMap((script) => Array.from(script, (letter, index) => [letter, 'ABCD'[index]!] as const)),
);

/** Arabic and Bengali option letters as A to D, each a word of its own: a text may be glued to its letter. */
export function withLatinLetters(text: string): string {
  return text.replace(/[أبجدঅবডঢ]/gu, (letter) => ` ${LATIN.get(letter)!}`);
}

/**
 * NFKC, then Arabic and Bengali option letters as A to D. Each becomes a word of its own, so that `الإجابةب` still
 * ends in a letter that stands alone.
 */
export function asLatinLetters(text: string): string {
  return strip(withLatinLetters(text.normalize('NFKC')));
}
