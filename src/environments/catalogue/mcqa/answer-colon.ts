import { characters, findAll, isLetter, pythonRegex, strip, upper } from '../../../python/index.js';
import { peelText, strictBoxed } from './boxed.js';
import { asLatinLetters } from '../../kit/letters.js';
import { letterOfText } from '../../kit/options.js';
import type { Options } from '../../kit/options.js';
import { payloadsOf } from './payloads.js';

const FIRST_ANSWER = pythonRegex(String.raw`answer\s*:\s*(.+)`, { ignoreCase: true });
const STANDING_ALONE = pythonRegex(String.raw`\b[A-Z]\b`);

/** `lenient_answer_colon`: the first `Answer:`, then one allowed letter or the full text of an option. */
export function answerColon(text: string, options: Options): string | null {
  const line = findAll(FIRST_ANSWER, text)[0];
  if (line === undefined) return null;
  const candidate = strip(peelText(line));
  const letter = upper(candidate);
  if (isLetter(candidate) && options.letters.has(letter)) return letter;
  return letterOfText(options, candidate);
}

/**
 * `lenient_answer_colon_md`: what follows each `Answer:`, Markdown around it allowed, or the row's own prefix; the
 * last that can be read counts. Where a row has a prefix, the last box is the second chance.
 */
export function answerColonMarkdown(text: string, options: Options, prefix: string | null): string | null {
  for (const payload of payloadsOf(text, prefix).reverse()) {
    const letter = readPayload(payload, options.letters);
    if (letter !== null) return letter;
  }
  return prefix === null ? null : strictBoxed(text, options);
}

function readPayload(payload: string, letters: ReadonlySet<string>): string | null {
  const text = strip(asLatinLetters(payload), '*_` \t\n\r.,;:');
  if (namesSeveral(text, letters)) return null;
  const letter =
    characters(text).length === 1
      ? text
      : (/^([A-Za-z])(?![A-Za-z0-9])/.exec(text)?.[1] ?? findAll(STANDING_ALONE, text).at(-1));
  const found = letter === undefined ? '' : upper(letter);
  return letters.has(found) ? found : null;
}

/** `A or B`, `A/B`, `A, B`, `A B`: two different options side by side are not an answer. */
function namesSeveral(text: string, letters: ReadonlySet<string>): boolean {
  const named = [...text.matchAll(/(?<![A-Za-z])[A-Za-z](?![A-Za-z])/g)]
    .map(({ 0: letter, index }) => ({ letter: letter.toUpperCase(), index }))
    .filter(({ letter }) => letters.has(letter));
  return named.some(({ letter, index }, i) => {
    const next = named[i + 1];
    return next !== undefined && next.letter !== letter && isSeparator(text.slice(index + 1, next.index));
  });
}

/** White space, or `/`, `|`, `&`, `,`, `;` with or without it, or the word "or" or "and" with it. */
function isSeparator(between: string): boolean {
  const mark = strip(between);
  if (mark === '') return between !== '';
  if (/^[/|&,;]$/.test(mark)) return true;
  const spaced = strip(between[0]!) === '' && strip(between.at(-1)!) === '';
  return spaced && /^(?:or|and)$/i.test(mark);
}
