import {
  characters,
  findAll,
  isUpper,
  lower,
  pythonRegex,
  splitWords,
  strip,
} from '../../../../python/index.js';
import { rulePattern, Unfit } from '../../../kit/english/rule-arguments.js';
import { ruleSentences } from '../../../kit/english/rule-sentences.js';
import { punktSentences } from '../../../kit/english/punkt-sentences.js';
import { byWordTokens } from '../../../kit/english/word-tokens.js';
import { plain, rule } from '../../../kit/english/rule.js';
import type { Rules } from '../../../kit/english/rule.js';

const occurrences = (pattern: string, text: string): number =>
  Array.from(rulePattern(pattern, { ignoreCase: true }).findIter(text)).length;

const NO_WORD = pythonRegex(String.raw`[^\w\s]`);
const bare = (word: string): string => lower(NO_WORD.sub('', word));

/** True when each sentence has a word, and that is the one. */
const everySentence = (text: string, word: (words: string[]) => string, wanted: string): boolean =>
  ruleSentences(text).every((sentence) => sentence !== '' && word(splitWords(sentence)) === lower(wanted));

function letterFrequency(letter: unknown): string {
  if (typeof letter !== 'string') throw new Unfit('no letter');
  return lower(strip(letter));
}

const count = (text: string, letter: string): number =>
  characters(lower(text)).filter((one) => one === letter).length;

const LOWER_WORD = pythonRegex(String.raw`\b[a-z]+\b`);
const WORD = pythonRegex(String.raw`\w+`);

export const WORD_RULES: Rules = [
  rule('keywords:existence', 'keywords', (text, given) =>
    given.texts('keywords').every((keyword) => occurrences(keyword, text) > 0),
  ),
  rule('keywords:frequency', 'keyword frequency relation', (text, given) =>
    given.compare(occurrences(given.text('keyword'), text), given.count('frequency')),
  ),
  rule('keywords:word_count_different_numbers', 'keyword frequency relation', (text, given) =>
    given.compare(occurrences(given.text('keyword'), text), given.count('frequency')),
  ),
  rule('keywords:word_once', 'keyword', (text, given) => occurrences(given.text('keyword'), text) === 1),
  rule('keywords:forbidden_words', 'forbidden_words', (text, given) =>
    given.texts('forbidden_words').every((word) => occurrences(`\\b${word}\\b`, text) === 0),
  ),
  rule(
    'keywords:exclude_word_harder',
    'keyword instruction',
    (text, given) => !text.includes(` ${given.text('keyword')} `),
  ),
  ...['keywords:letter_frequency', 'letters:letter_counting2'].map((id) =>
    rule(id, 'letter let_frequency let_relation', (text, given) =>
      given.compare(
        count(text, letterFrequency(given.text('letter'))),
        given.count('let_frequency'),
        'let_relation',
      ),
    ),
  ),
  rule('letters:letter_counting', 'N relation', (text, given) =>
    given.compare((text.match(/[a-zA-Z]/g) ?? []).length, given.countFromOne('N')),
  ),
  plain('keywords:no_adjacent_consecutive', (text) => {
    const letters = splitWords(text).map((word) => lower(characters(word)[0]!));
    return letters.every((letter, index) => {
      const next = letters[index + 1];
      if (next === undefined) return true;
      if (characters(letter).length !== 1 || characters(next).length !== 1) return false;
      return next.codePointAt(0)! - letter.codePointAt(0)! !== 1;
    });
  }),
  plain('keywords:palindrome', (text) =>
    splitWords(text).some((word) => word === characters(word).toReversed().join('')),
  ),
  plain('keywords:start_end', (text) =>
    byWordTokens(text, (words) => words.length >= 2 && lower(words[0]!) === lower(words.at(-1)!)),
  ),
  rule('keywords:keyword_specific_position', 'keyword n m', (text, given) => {
    const keyword = given.firstText('keyword');
    const [n, m] = [given.countFromOne('n'), given.countFromOne('m')];
    const sentences = ruleSentences(text);
    if (sentences.length < n) return false;
    return byWordTokens(sentences.at(n - 1) ?? '', (words) => words.at(m - 1) === keyword);
  }),
  rule('count:count_increment_word', 'keyword1 keyword2', (text, given) => {
    const [one, two] = [given.text('keyword1'), given.text('keyword2')];
    return occurrences(one, text) === 1 && occurrences(two, text) === 2;
  }),
  plain('count:count_unique', (text) => byWordTokens(text, (words) => new Set(words).size === words.length)),
  rule(
    'count:lowercase_counting',
    'N',
    (text, given) => findAll(LOWER_WORD, text).length <= given.countFromOne('N'),
  ),
  rule('change_case:capital_word_frequency', 'capital_frequency capital_relation', (text, given) => {
    const limit = given.raw('capital_frequency') as number;
    const found = byWordTokens(text, (words) => words.filter(isUpper).length);
    return given.compare(found, limit < 0 ? limit : given.count('capital_frequency'), 'capital_relation');
  }),
  rule('first_word:first_word_answer', 'first_word', (text, given) => {
    const wanted = lower(given.text('first_word'));
    return lower(splitWords(text)[0] ?? '') === wanted;
  }),
  rule('first_word:first_word_sent', 'first_word', (text, given) =>
    everySentence(text, (words) => lower(words[0]!), given.firstText('first_word')),
  ),
  rule('last_word:last_word_answer', 'last_word', (text, given) => {
    const last = splitWords(text).at(-1);
    return last !== undefined && bare(last) === lower(given.text('last_word'));
  }),
  rule('last_word:last_word_sent', 'last_word', (text, given) =>
    everySentence(text, (words) => bare(words.at(-1)!), given.firstText('last_word')),
  ),
  rule('length_constraints:number_words', 'num_words relation', (text, given) =>
    given.compare(findAll(WORD, text).length, given.count('num_words')),
  ),
  rule('length_constraints:number_sentences', 'num_sentences relation', (text, given) =>
    given.compare(punktSentences(text).length, given.count('num_sentences')),
  ),
];
