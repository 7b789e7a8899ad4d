import {
  characters,
  csvRecords,
  findAll,
  lower,
  pythonRegex,
  splitWords,
  strip,
  stripStart,
} from '../../../../python/index.js';
import { Unfit } from '../../../kit/english/rule-arguments.js';
import { rule } from '../../../kit/english/rule.js';
import type { Rules } from '../../../kit/english/rule.js';
import { ruleSentences } from '../../../kit/english/rule-sentences.js';
import { asciiOnly, PUNCTUATION, trimmed, unmarked } from './text.js';

const DIGITS = pythonRegex(String.raw`\d+`);
const QUESTION = pythonRegex(String.raw`\n*(?:Question \d+[\.|\):;]?\s*)`);
const OPTION = pythonRegex(String.raw`^[A-Ea-e][\.|\)]\s*\w+`);
const DATE = pythonRegex(String.raw`^\d{4}-\d{2}-\d{2}$`);
const SPECIAL = pythonRegex(String.raw`".*[^\d\w\s].*"`);
const CAPITALS = (
  'Reykjavik Helsinki Oslo Tallinn Stockholm Riga Moscow Copenhagen Vilnius Minsk Dublin Berlin Amsterdam Warsaw London ' +
  'Brussels Prague Luxembourg Paris Vienna Bratislava Budapest Vaduz Chisinau Bern Ljubljana Zagreb'
).split(' ');
const DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Four questions of five options each, every one longer than the last. */
function questions(text: string): boolean {
  if (text.includes('Question') ? !text.startsWith('Question') : text.length > 1) return false;
  const found = QUESTION.split(text)
    .map((part) => strip(part ?? ''))
    .filter((part) => part !== '');
  if (found.length !== 4) return false;
  const lengths = found.map((question) => {
    const lines = question.split('\n').map((line) => strip(line));
    const options = lines.filter((line) => OPTION.match(line) !== undefined).length;
    const first = lines.findIndex((line) => OPTION.match(line) !== undefined);
    return options === 5 ? characters(strip(lines.slice(0, first).join(' '))).length : -1;
  });
  return lengths.every((length, index) => length >= 0 && (index === 0 || length > lengths[index - 1]!));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function countriesReversed(text: string): boolean {
  const lines = text
    .split('\n')
    .map(trimmed)
    .filter((line) => line !== '');
  const start = lines.findIndex((line) => line.includes('Zimbabwe'));
  const found = start === -1 ? [] : lines.slice(start).map(asciiOnly);
  return (
    found.length >= 52 && found.every((line, index) => index === 0 || compare(found[index - 1]!, line) >= 0)
  );
}

const header = (names: string, space: string): RegExp =>
  new RegExp(
    `^${names
      .split(' ')
      .map((name) => `(?:${name}|"${name}")`)
      .join(space)}$`,
  );
const PRODUCTS = header('ProductID Category Brand Price Stock', ',[ \\t]*');
const STUDENTS = header('StudentID Subject Grade Semester Score', '\\t *');
const firstLine = (text: string): string => strip(text.split('\n')[0]!);
/** Quotes stay part of a field. */
const quoting = (text: string): string => text.replaceAll('"', '"""');

function products(text: string): boolean {
  if (!PRODUCTS.test(firstLine(text))) return false;
  const [, ...rows] = csvRecords(quoting(text));
  if (rows.length !== 14) return false;
  const special = rows.findIndex((row) => row.some((field) => SPECIAL.match(field) !== undefined));
  return special !== -1 && rows.slice(0, special + 1).every((row) => row.length === 5);
}

function students(text: string): boolean {
  if (!STUDENTS.test(firstLine(text))) return false;
  const rows = csvRecords(quoting(text), '\t');
  const quoted = (field: string): boolean => {
    if (strip(field) === '') throw new Unfit('an empty field');
    return strip(field).startsWith('"') && strip(field).endsWith('"');
  };
  return rows.length === 4 && rows.every((row) => row.length === 5 && row.every(quoted));
}

function isDate(text: string): boolean {
  if (DATE.match(text) === undefined) return false;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  return year >= 1769 && year <= 1821 && month <= 12 && (month === 0 || day <= DAYS[month]!);
}

const task = (id: string, follows: (text: string) => boolean) => rule(id, '*', follows);

/** Tasks of the dataset itself: their rules know the answer. */
export const TASK_RULES: Rules = [
  task('custom:multiples', (text) => findAll(DIGITS, text).join() === '14,21,28,35,42,49'),
  task('custom:mcq_count_length', questions),
  task('custom:reverse_newline', countriesReversed),
  task('custom:word_reverse', (text) => {
    const sentence = splitWords(unmarked(lower(strip(text))))
      .toReversed()
      .join(' ');
    return sentence.includes('bald eagle') && ruleSentences(sentence).includes(sentence);
  }),
  task('custom:character_reverse', (text) => lower(text).includes('elgae dlab')),
  task('custom:sentence_alphabet', (text) => {
    const sentences = ruleSentences(text);
    const first = (sentence: string): string =>
      lower(characters(stripStart(sentence, `${PUNCTUATION} \t\n\r\v\f`))[0] ?? '');
    return (
      sentences.length === 26 &&
      sentences.every((sentence, index) => first(sentence) === String.fromCharCode(97 + index))
    );
  }),
  task('custom:european_capitals_sort', (text) => {
    const found = asciiOnly(text)
      .split(',')
      .map((name) => strip(name))
      .filter((name) => name !== '');
    return found.join() === CAPITALS.join();
  }),
  task('custom:csv_city', (text) => {
    const [head, ...rows] = csvRecords(text);
    return (
      head?.join('\n') === 'ID\nCountry\nCity\nYear\nCount' &&
      rows.length === 7 &&
      rows.every((row) => row.length === 5)
    );
  }),
  task('custom:csv_special_character', products),
  task('custom:csv_quotes', students),
  task('custom:date_format_list', (text) =>
    strip(text)
      .split(',')
      .every((date) => isDate(strip(date))),
  ),
];
