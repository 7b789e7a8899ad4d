/** Python's character classes for text patterns, written for JavaScript's `v` flag (no surrounding brackets). */
export const WORD = String.raw`\p{L}\p{N}_`;
export const DIGIT = String.raw`\p{Nd}`;
export const SPACE = String.raw`\t-\r\x1c-\x20\x85\p{Zs}\u2028\u2029`;

const ASCII = { w: 'a-zA-Z0-9_', d: '0-9', s: String.raw`\t-\r\x20` };
const UNICODE = { w: WORD, d: DIGIT, s: SPACE };

/** `\w`, `\d`, `\s` and their complements as a bracketed class; undefined for any other letter. */
export function classEscape(letter: string, ascii: boolean): string | undefined {
  const lower = letter.toLowerCase();
  if (lower !== 'w' && lower !== 'd' && lower !== 's') return undefined;
  const members = (ascii ? ASCII : UNICODE)[lower];
  return letter === lower ? `[${members}]` : `[^${members}]`;
}

/** One character as a literal, inside or outside of brackets. */
export function literal(codePoint: number): string {
  const character = String.fromCodePoint(codePoint);
  return /^[A-Za-z0-9 ]$/.test(character) ? character : `\\u{${codePoint.toString(16)}}`;
}

/** The other-case forms of a character, for a case-insensitive part of a case-sensitive pattern. */
export function caseForms(codePoint: number): number[] {
  const character = String.fromCodePoint(codePoint);
  const forms = [character, character.toLowerCase(), character.toUpperCase()].filter(
    (form) => Array.from(form).length === 1,
  );
  return [...new Set(forms.map((form) => form.codePointAt(0)!))];
}
