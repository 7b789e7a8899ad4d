import {
  characters,
  escapePattern,
  isDigit,
  isUpper,
  lower,
  pythonRegex,
  splitWords,
  strip,
  stripEnd,
} from '../../../python/index.js';
import { DIGITS_OF, STOPWORDS, WORD_OF } from './words.js';

const IN_PARENTHESES = pythonRegex(String.raw`\s*\([^)]*\)\s*`);
const PARENTHESISED = pythonRegex(String.raw`\(([^)]+)\)`);
const SPACE = pythonRegex(String.raw`\s+`);
const GROUPED_DIGITS = pythonRegex(String.raw`(\d),(\d{3})`);
const ABBREVIATION_DOT = pythonRegex(String.raw`(?<!\d)\.(?!\d)`);
const LONGEST = 40;
const SHORTEST = 3;

const length = (text: string): number => characters(text).length;
const oneSpace = (text: string): string => SPACE.sub(' ', text);

/** Other ways to write an answer, itself among them. */
export function alternativesOf(answer: string): string[] {
  const forms = new Set([answer, ...FORMS.flatMap((form) => form(answer))]);
  const all = new Set([...forms, ...[...forms].flatMap(allArticlesOff)]);
  const spaced = [...all].map((form) => oneSpace(strip(form)));
  return spaced.filter(
    (form) => form !== '' && (length(form) >= SHORTEST || form === strip(answer) || isDigit(form)),
  );
}

function allArticlesOff(text: string): string[] {
  const start = lower(text);
  return ['the ', 'a ', 'an ']
    .filter((article) => start.startsWith(article))
    .map(({ length: n }) => text.slice(n));
}

const FORMS: readonly ((answer: string) => string[])[] = [
  (answer) => allArticlesOff(answer).slice(0, 1),
  (answer) => [strip(answer.replace(/["“”]/g, ''))],
  (answer) =>
    answer.includes('(')
      ? [
          oneSpace(strip(IN_PARENTHESES.sub(' ', answer))),
          ...PARENTHESISED.findAll(answer)
            .map((inner) => strip(inner))
            .filter((inner) => length(inner) > 1),
        ]
      : [],
  (answer) => [DIGITS_OF, WORD_OF].flatMap((table) => table.get(lower(strip(lower(answer)))) ?? []),
  (answer) => [withoutGroups(answer)],
  (answer) => (/[.,;:!?]$/.test(answer) ? [stripEnd(answer.slice(0, -1))] : []),
  (answer) => [ABBREVIATION_DOT.sub('', answer)].filter((plain) => answer.includes('.') && length(plain) > 1),
  (answer) =>
    answer.includes('-') && !answer.startsWith('-') ? [strip(oneSpace(answer.replaceAll('-', ' ')))] : [],
  (answer) => [answer.replaceAll(' & ', ' and '), withAmpersand(answer)],
];

/** `1,234,567` as `1234567`. */
function withoutGroups(text: string): string {
  const joined = GROUPED_DIGITS.sub('\\1\\2', text);
  return joined === text ? text : withoutGroups(joined);
}

/** The first ` and ` as ` & `. */
function withAmpersand(text: string): string {
  const before = lower(text).split(' and ')[0]!;
  const [letters, at] = [characters(text), length(before)];
  if (before === lower(text)) return text;
  return `${letters.slice(0, at).join('')} & ${letters.slice(at + 5).join('')}`;
}

/** Why an answer is not to be looked for as a part of a text; empty when it is. */
export function whyUnreliable(answer: string): string {
  if (length(answer) > LONGEST) return 'gt_too_long';
  return isNameOfSeveralWords(answer) ? 'multi_word_name' : '';
}

function isNameOfSeveralWords(answer: string): boolean {
  const words = splitWords(stripEnd(strip(answer), '.'));
  const names = words.filter((word) => isUpper(characters(word)[0]!) && !STOPWORDS.has(lower(word)));
  if (words.length === 3 || words.length === 4) return names.length === words.length;
  return (words.length === 5 || words.length === 6) && names.length >= 3;
}

/** Spaces, dashes and quotes of every kind as the plain ones; lower case. */
function plain(text: string): string {
  const signs = lower(text)
    .replace(/[\u202f\u00a0\u2009\u200a\u2002\u2003]/g, ' ')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"');
  return strip(signs.replace(/ {2,}/g, ' '));
}

/** Whether the answer has one of the alternatives in it. */
export function holdsOne(answer: string, alternatives: readonly string[]): boolean {
  const text = plain(answer);
  return alternatives.some((alternative) => text.includes(plain(alternative)));
}

/** As {@link holdsOne}, but up to four characters must be words of their own, and in a long answer it must come early. */
export function holdsOneStrictly(answer: string, alternatives: readonly string[]): boolean {
  const text = plain(answer);
  const long = length(text) > 80;
  return alternatives.map(plain).some((wanted) => {
    if (wanted === '' || !text.includes(wanted)) return false;
    const word = `(?<!\\w)${escapePattern(wanted)}(?!\\w)`;
    if (length(wanted) <= 4 && pythonRegex(word).search(text) === undefined) return false;
    return !long || length(text.slice(0, text.indexOf(wanted))) <= 40;
  });
}
