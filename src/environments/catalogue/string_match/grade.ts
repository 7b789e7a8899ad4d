import {
  characters,
  lower,
  parseFloatText,
  pythonFloat,
  pythonRegex,
  splitWords,
  strip,
  stripEnd,
} from '../../../python/index.js';
import { STATES } from './states.js';

const COMMANDS = 'boxed text textbf textit texttt mathrm mathbf mathit mathsf mathbb mathcal emph url'.split(
  ' ',
);
const GROUPED_DIGITS = pythonRegex(String.raw`(\d+),(\d+)`);
const UNITS = /\^\{?\\circ\}?|\\circ|°|cm[²³]?|mm|km|m[²³]?|kg/g;
const MATH_SIGNS: readonly (readonly [string, string])[] = [
  ['°', '^\\circ'],
  ...Array.from('²³⁴⁵⁶⁷⁸⁹', (power, at) => [power, `^${at + 2}`] as const),
  ['√', '\\sqrt'],
  ...Array.from('﹣﹢﹦﹤﹥：', (sign, at) => [sign, '-+=<>:'[at]!] as const),
  ['π', '\\pi'],
];

const removed = (text: string, ...parts: string[]): string =>
  parts.reduce((rest, part) => rest.replaceAll(part, ''), text);
const oneBlank = (text: string): string => splitWords(text).join(' ');

/** Same texts in one of these forms are equal. */
const FORMS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => {
    const number = parseFloatText(strip(removed(text, '\\%', '\\$', '$')));
    return number === undefined ? text : pythonFloat(number);
  },
  (text) => GROUPED_DIGITS.sub('\\1\\2', text).replaceAll('\\%', '%'),
  withoutLatex,
  asList,
  (text) => lower(asList(STATES.reduce((rest, [name, short]) => rest.replaceAll(name, short), text))),
];

/** 1 for texts that are the same once normalised, 0.98 for numbers that are close, else 0. */
export function gradeText(expected: string, answer: string): number {
  const [right, given] = [expected, answer].map(prepared) as [string, string];
  if (FORMS.some((form) => form(given) === form(right))) return 1;
  if (closeness(right, given) > 0.98) return 0.98;
  const [bareRight, bareGiven] = [right, given].map(withoutUnits) as [string, string];
  if (bareGiven === bareRight) return 1;
  return closeness(bareRight, bareGiven) > 0.98 ? 0.98 : 0;
}

/** NFKC, quotes around it taken off, lower case, no stop or mark at the end unless there is nothing else. */
function prepared(text: string): string {
  const plain = characters(text.normalize('NFKC'));
  const quoted = plain.length >= 2 && plain[0] === plain.at(-1) && `"'`.includes(plain[0]!);
  const words = lower((quoted ? plain.slice(1, -1) : plain).join(''));
  const bare = stripEnd(words, '.!?');
  return bare === '' ? words : bare;
}

/** Items of a list by blanks; the text itself when that makes it more than a tenth shorter. */
function asList(text: string): string {
  const items = text.replaceAll(/[,;]/g, ' ').replaceAll('and', ' ').replaceAll('or', ' ');
  return characters(items).length < 0.9 * characters(text).length ? text : oneBlank(items);
}

function withoutLatex(text: string): string {
  const bare = COMMANDS.reduce((rest, command) => withoutCommand(rest, `\\${command}{`), text);
  return oneBlank(removed(bare, '\\(', '\\)', '\\[', '\\]', '$'));
}

/** Each `opening…}` without the command and its braces; without the opening alone where it is not closed. */
function withoutCommand(given: string, opening: string): string {
  let text = given;
  for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening)) {
    const [before, after] = [text.slice(0, at), text.slice(at + opening.length)];
    const end = closing(after);
    text = before + (end === -1 ? after : after.slice(0, end) + after.slice(end + 1));
  }
  return text;
}

/** The index of the brace that closes a group whose opening brace is left out; -1 when none does. */
function closing(text: string): number {
  let depth = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

const plainSigns = (text: string): string =>
  MATH_SIGNS.reduce((rest, [sign, plain]) => rest.replaceAll(sign, plain), text);
const withoutUnits = (text: string): string => strip(plainSigns(withoutLatex(text)).replace(UNITS, ''));

/** The square of 1 less the relative error; 0 when one of the two is no number. */
function closeness(right: string, given: string): number {
  const [wanted, number] = [right, given].map((text) => {
    const bare = plainSigns(removed(text, '$', '£', '€', '%', ',')).replace(UNITS, '');
    return parseFloatText(strip(removed(bare, '\\%', '\\$')));
  });
  if (wanted === undefined || number === undefined) return 0;
  const near = 1 - Math.abs(number - wanted) / Math.max(Math.abs(wanted), 1e-9);
  return near > 0 ? near * near : 0;
}
