/** Option letters of other scripts, in the order A, B, C, D. */
const SCRIPTS = ['أبجد', 'অবডঢ', 'ＡＢＣＤ'];

const LATIN = new Map(
  SCRIPTS.flatMap((script) => Array.from(script, (letter, index) => [letter, 'ABCD'[index]!] as const)),
);

/** Replaces Arabic, Bengali and full-width option letters by A to D. */
export function asLatinLetters(text: string): string {
  return text.replace(/[أبجدঅবডঢＡ-Ｄ]/gu, (letter) => LATIN.get(letter) ?? letter);
}
