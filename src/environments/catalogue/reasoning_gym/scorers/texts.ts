import { characters, lower, pythonRegex, splitWords, strip, upper } from '../../../../python/index.js';
import { gold, listOf } from '../entry.js';
import type { Scorer } from '../entry.js';

const length = (text: string): number => characters(text).length;
const folded = (text: string): string => lower(strip(text));

/** Equal is 1; an answer with more around it counts by its share. */
export const within: Scorer = (answer, entry) => {
  if (answer === '') return 0;
  const wanted = gold(entry);
  if (answer === wanted) return 1;
  return answer.includes(wanted) ? length(wanted) / length(answer) : 0;
};

export const equal: Scorer = (answer, entry) => Number(answer === entry.answer);

/** Equal but for case and the white space around. */
export const equalFolded: Scorer = (answer, entry) => Number(folded(answer) === folded(gold(entry)));

/** As {@link equalFolded}, with a little for anything else. */
export const equalFoldedOrSome: Scorer = (answer, entry) => (equalFolded(answer, entry) === 1 ? 1 : 0.01);

/** Equal but for case and ends of lines. */
export const equalOneLine: Scorer = (answer, entry) => {
  const flat = (text: string): string => lower(text).replaceAll('\n', '');
  return Number(flat(answer) === flat(gold(entry)));
};

/** Equal but for how words are set apart. */
export const equalWords: Scorer = (answer, entry) => {
  const words = splitWords(answer).join(' ');
  return Number(words !== '' && words === splitWords(gold(entry)).join(' '));
};

/** Equal but for case and blanks. */
export const equalWithoutBlanks: Scorer = (answer, entry) =>
  Number(folded(answer.replaceAll(' ', '')) === folded(gold(entry)));

/** A tenth for each letter in its place. */
export const figletFont: Scorer = (answer, entry) => {
  const given = characters(folded(answer.replaceAll(' ', '')));
  const wanted = characters(folded(gold(entry)));
  if (given.join('') === wanted.join('')) return 1;
  return Math.min(samePlaces(given, wanted) * 0.1, 1);
};

function samePlaces(one: readonly string[], two: readonly string[]): number {
  return one.filter((item, index) => item === two[index]).length;
}

/** White space around costs its share. */
export const circuitLogic: Scorer = (answer, entry) => {
  const wanted = gold(entry);
  if (answer === '') return 0;
  if (answer === wanted) return 1;
  return strip(answer) === wanted ? length(wanted) / length(answer) : 0;
};

/** Both are texts that are not empty: that is all that is compared. */
export const bothThere: Scorer = (answer, entry) => Number(Boolean(answer) === Boolean(entry.answer));

/** The share of characters in their places, for a sentence of the right length. */
export const emojiMystery: Scorer = (answer, entry) => {
  const wanted = characters(gold(entry));
  const given = characters(answer);
  if (answer === gold(entry)) return 1;
  return given.length === wanted.length ? samePlaces(given, wanted) / wanted.length : 0.01;
};

/** The share of words in their places, for as many words. */
export const sentenceReordering: Scorer = (answer, entry) => {
  if (answer === gold(entry)) return 1;
  const [wanted, given] = [splitWords(gold(entry)), splitWords(answer)].map((words) => words.map(lower)) as [
    string[],
    string[],
  ];
  if (wanted.length !== given.length) return 0.05;
  return wanted.length === 0 ? 0 : samePlaces(given, wanted) / wanted.length;
};

/** The share of words in their places. */
export const letterJumble: Scorer = (answer, entry) => {
  const [wanted, given] = [folded(gold(entry)), folded(answer)];
  if (wanted === given) return 1;
  const words = splitWords(wanted);
  const each = words.length === 0 ? 0 : 1 / words.length;
  const found = splitWords(given);
  return Math.min(
    1,
    words.reduce((sum, word, index) => sum + (found[index] === word ? each : 0), 0),
  );
};

/** The share of letters in their places; a text that goes on after all of them loses a fifth. */
export const spellBackward: Scorer = (answer, entry) => {
  const [wanted, given] = [characters(lower(gold(entry))), characters(lower(answer))];
  if (wanted.join('') === given.join('')) return 1;
  let credit = 0;
  for (const [index, letter] of wanted.entries()) if (given[index] === letter) credit += 1 / wanted.length;
  return credit === 1 ? credit - 0.2 : credit;
};

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (items: readonly string[]): string => JSON.stringify([...items].sort(byCodePoint));

/** Letters that make a palindrome of the given ones. */
export const palindromeGeneration: Scorer = (answer, entry) => {
  if (answer === '') return 0;
  const letters = characters(folded(answer));
  if (letters.join('') !== letters.toReversed().join('')) return 0.02;
  return sorted(letters) === sorted(listOf<string>(entry, 'letters')) ? 1 : 0.05;
};

const COMMA = pythonRegex(String.raw`,\s*`);

/** The share of words in their places; a fifth at least when all are there. */
export const wordSorting: Scorer = (answer, entry) => {
  const wanted = listOf<string>(entry, 'sorted_words');
  if (answer === '') return 0;
  const given = COMMA.split(answer).map((word) => strip(word ?? ''));
  if (JSON.stringify(given) === JSON.stringify(wanted)) return 1;
  const share = samePlaces(given, wanted) / wanted.length;
  return sorted(given) === sorted(wanted) ? Math.max(share, 0.2) : share;
};

/** A place on the board: a little for any, and less for anything else. */
export const tsumego: Scorer = (answer, entry) => {
  const wanted = strip(gold(entry));
  const given = upper(strip(answer));
  if (answer === '') return 0;
  if (given === wanted) return 1;
  if (given.includes(wanted)) return length(wanted) / length(given);
  return /^[A-Z]\p{Nd}+$/u.test(given) ? 0.05 : 0.01;
};

const ROLES = new Set([
  'knight',
  'knave',
  'pioneer',
  'laggard',
  'saint',
  'sinner',
  'hero',
  'villain',
  'angel',
  'devil',
  'altruist',
  'egoist',
  'sage',
  'fool',
]);

/** Who is what; some who are right count. */
export const knightsKnaves: Scorer = (answer, entry) => {
  const [wanted, given] = [roles(gold(entry)), roles(answer)];
  if (answer === '') return 0;
  const shared = [...wanted].filter((pair) => given.has(pair)).length;
  if (shared === wanted.size && given.size === wanted.size) return 1;
  return given.size === wanted.size && shared > 0 ? 0.3 + (0.7 * shared) / wanted.size : 0;
};

function roles(text: string): Set<string> {
  const pairs = new Set<string>();
  let name: string | null = null;
  for (const word of splitWords(
    folded(text)
      .replace(/[.,()]/g, ' ')
      .replaceAll(' and ', ' '),
  )) {
    if (['is', 'a', 'an'].includes(word)) continue;
    if (!ROLES.has(word)) name = word;
    else if (name !== null) {
      pairs.add(`${name}\n${word}`);
      name = null;
    }
  }
  return pairs;
}
