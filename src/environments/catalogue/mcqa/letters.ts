import { strip } from '../../../python/index.js';

/** Option letters of other scripts, in the order A, B, C, D. Full-width letters become plain ones by NFKC. */
const SCRIPTS = ['أبجد', 'অবডঢ'];

const LATIN = new Map(
  SCRIPTS.flatMap((script) => Array.from(script, (letter, index) => [letter, 'ABCD'[index]!] as const)),
);

/**
 * NFKC, then Arabic and Bengali option letters as A to D. Each becomes a word of its own, so that `الإجابةب` still
 * ends in a letter that stands alone.
 */
export function asLatinLetters(text: string): string {
  const latin = text.normalize('NFKC').replace(/[أبجدঅবডঢ]/gu, (letter) => ` ${LATIN.get(letter)!}`);
  return strip(latin);
}
