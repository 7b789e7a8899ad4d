import { characters, findAll, isLetter, pythonRegex, strip } from '../../python/index.js';
import { peelText } from './boxed.js';
import { asLatinLetters } from './letters.js';
import { letterOfText } from './options.js';
import type { Options } from './options.js';

const FIRST_ANSWER = pythonRegex(String.raw`answer\s*:\s*(.+)`, { ignoreCase: true });
const ANY_ANSWER = pythonRegex(String.raw`[*_]{0,2}answer[*_]{0,2}\s*:[*_]{0,2}\s*(.+)`, {
  ignoreCase: true,
});

/** `lenient_answer_colon`: the first `Answer:`, then one allowed letter or the full text of an option. */
export function answerColon(text: string, options: Options): string | null {
  const line = findAll(FIRST_ANSWER, text)[0];
  if (line === undefined) return null;
  const candidate = strip(peelText(strip(line)));
  const letter = candidate.toUpperCase();
  if (isLetter(candidate) && options.has(letter)) return letter;
  return letterOfText(options, candidate);
}

/** `lenient_answer_colon_md`: every `Answer:`, Markdown around it allowed, the last readable one counts. */
export function answerColonMarkdown(text: string, options: Options): string | null {
  for (const payload of findAll(ANY_ANSWER, text).reverse()) {
    const letter = readPayload(payload, options);
    if (letter !== null) return letter;
  }
  return null;
}

function readPayload(payload: string, options: Options): string | null {
  const text = strip(asLatinLetters(payload), '*_` \t\n\r.,;:');
  if (namesSeveral(text, options)) return null;
  const letter =
    characters(text).length === 1
      ? text.toUpperCase()
      : (/^([A-Za-z])(?![A-Za-z0-9])/.exec(text)?.[1]?.toUpperCase() ?? lastCapital(text));
  return letter !== undefined && options.has(letter) ? letter : null;
}

/** `A or B`, `A/B`, `A, B`: two different options side by side are not an answer. */
function namesSeveral(text: string, options: Options): boolean {
  const pairs = text.matchAll(
    /(?<![A-Za-z0-9])([A-Z])(?=(?:\s*[/|&,;]\s*|\s+(?:(?:or|and)\s+)?)([A-Z])(?![A-Za-z0-9]))/gi,
  );
  for (const [, one = '', two = ''] of pairs) {
    const [left, right] = [one.toUpperCase(), two.toUpperCase()];
    if (left !== right && options.has(left) && options.has(right)) return true;
  }
  return false;
}

function lastCapital(text: string): string | undefined {
  return [...text.matchAll(/(?<![A-Za-z0-9])([A-Z])(?![A-Za-z0-9])/g)].at(-1)?.[1];
}
