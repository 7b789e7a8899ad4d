import { characters, isLetter, lower, pythonRegex, splitLines, strip, upper } from '../../../python/index.js';
import type { Options } from '../../kit/options.js';
import { normalizeChemistry, unwrapped } from './normalize.js';

const OPTION_LETTER = pythonRegex(String.raw`(?i)(?:option|choice)\s+([A-Z])\s*[\)\].:]?`);
const LEADING_LETTER = pythonRegex(String.raw`(?i)^([A-Z])[\)\].:](?:\s|$)`);
const ONLY_LETTER = /^[^A-Za-z]*([A-Za-z])[^A-Za-z]*$/;
const CHOICES_BLOCK = pythonRegex(String.raw`<\s*choices\b[^>]*>.*?<\s*/\s*choices\s*>`, {
  ignoreCase: true,
  dotAll: true,
});
const CHOICE = pythonRegex(String.raw`<\s*choice\b[^>]*>\s*(.*?)\s*<\s*/\s*choice\s*>`, {
  ignoreCase: true,
  dotAll: true,
});
const TAGGED = pythonRegex(
  String.raw`<\s*(answer|choice|response|final_answer|final-answer)\b[^>]*>\s*(.*?)\s*<\s*/\s*\1\s*>`,
  { ignoreCase: true, dotAll: true },
);
const ANNOUNCED = [
  String.raw`(?im)^\s*(?:(?:[-*•]|\d+[.)])\s*)?(?:\*\*)?answer(?:\*\*)?\s*:\s*(.+?)\s*$`,
  String.raw`(?is)(?:\*\*)?answer(?:\*\*)?\s*:\s*(.+?)(?=$|[\r\n])`,
  String.raw`(?is)(?:the\s+(?:correct\s+)?answer\s+is|my\s+answer\s+is|i\s+(?:choose|select))\s+(.+?)(?:\n|$)`,
].map((pattern) => pythonRegex(pattern));

interface Candidate {
  at: number;
  text: string;
}

/** Whether a place lies in a `<choices>` block, which repeats the question. */
function inQuestion(text: string): (at: number) => boolean {
  const blocks = [...CHOICES_BLOCK.findIter(text)].map((match) => [match.start(), match.end()] as const);
  return (at) => blocks.some(([start, end]) => start <= at && at < end);
}

/** True for a `<choice>` of the reply's own, whatever it holds. */
export function hasChoiceTag(text: string): boolean {
  const isQuestion = inQuestion(text);
  return [...CHOICE.findIter(text)].some((match) => !isQuestion(match.start()));
}

/** Boxes that are closed, a backslash before a brace taken as part of the text; none behind one that is not. */
function boxes(text: string): Candidate[] {
  const found: Candidate[] = [];
  const opening = /\\boxed[\s\x1c-\x1f\x85]*\{/g;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    let depth = 1;
    let at = opening.lastIndex;
    for (; at < text.length && depth > 0; at++) {
      if (text[at] === '\\') at += 1;
      else if (text[at] === '{') depth += 1;
      else if (text[at] === '}') depth -= 1;
    }
    if (depth > 0) return found;
    found.push({ at: match.index, text: text.slice(opening.lastIndex, at - 1) });
    opening.lastIndex = at;
  }
  return found;
}

/** What could be the answer, the last first. */
function candidates(text: string): string[] {
  const isQuestion = inQuestion(text);
  const tagged = [...TAGGED.findIter(text)]
    .filter((match) => lower(match.group(1)!) !== 'choice' || !isQuestion(match.start()))
    .map((match) => ({ at: match.start(), text: match.group(2)! }));
  const announced = ANNOUNCED.flatMap((pattern) =>
    [...pattern.findIter(text)].map((match) => ({ at: match.start(), text: match.group(1)! })),
  );
  const all = [...tagged, ...boxes(text), ...announced];
  const later = (one: Candidate, other: Candidate): number =>
    other.at - one.at || Number(other.text > one.text) - Number(other.text < one.text);
  return all.sort(later).map((one) => one.text);
}

/** The letter of a text that names an option by its letter or by its whole text, with or without wrapping. */
export function readChoice(given: string, options: Options): string | null {
  const text = strip(given);
  const bare = unwrapped(text);
  for (const form of [text, bare]) {
    if (form === '') return null;
    const found = letterOf(form, options.letters) ?? optionOf(form, options);
    if (found !== null) return found;
  }
  return null;
}

function letterOf(text: string, letters: ReadonlySet<string>): string | null {
  const single = isLetter(text);
  const found = single
    ? [text]
    : [
        OPTION_LETTER.fullMatch(text)?.group(1),
        LEADING_LETTER.match(text)?.group(1),
        ONLY_LETTER.exec(text)?.[1],
      ];
  const named = found.flatMap((letter) => (letter === undefined ? [] : [upper(letter)]));
  return named.find((letter) => letters.has(letter)) ?? null;
}

function optionOf(text: string, { entries, letters }: Options): string | null {
  const wanted = normalizeChemistry(text);
  const found = entries.find(
    ([letter, option]) => letters.has(upper(letter)) && normalizeChemistry(option) === wanted,
  );
  return found === undefined ? null : upper(found[0]);
}

/** The letter that a reply chooses: the last that can be read, else that of its last or first line. */
export function readAnswer(text: string, options: Options): string | null {
  const lines = splitLines(text)
    .map((line) => strip(line))
    .filter((line) => line !== '');
  const edges = lines.length === 0 ? [] : [lines.at(-1)!, lines[0]!];
  for (const candidate of [...candidates(text), ...edges]) {
    const letter = readChoice(candidate, options);
    if (letter !== null) return letter;
  }
  return null;
}

/** The right letter: the expected answer where that is one, else the letter of the option that it names. */
export function expectedLetter(expected: string, options: Options): string {
  const bare = upper(unwrapped(expected));
  if (characters(bare).length === 1 && isLetter(bare)) return bare;
  return readChoice(expected, options) ?? bare;
}
