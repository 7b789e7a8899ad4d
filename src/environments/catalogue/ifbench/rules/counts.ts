import {
  characters,
  escapePattern,
  findAll,
  isDigit,
  lower,
  pythonRegex,
  splitWords,
  strip,
} from '../../../../python/index.js';
import { NeedsData, rulePattern, Unfit } from '../../../kit/english/rule-arguments.js';
import { plain, rule } from '../../../kit/english/rule.js';
import type { Rules } from '../../../kit/english/rule.js';
import { ruleSentences } from '../../../kit/english/rule-sentences.js';
import { byWordTokens } from '../../../kit/english/word-tokens.js';
import { plainWords, reversed, trimmed, trimmedEnd, trimmedStart, unmarked } from './text.js';

const WORD = pythonRegex(String.raw`\w+`);
const DIGITS = pythonRegex(String.raw`\d+`);
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;
const words = (text: string): Set<string> => new Set(text.split(' '));

const NAMES = (
  'Emma Liam Sophia Jackson Olivia Noah Ava Lucas Isabella Mason Mia Ethan Charlotte Alexander Amelia Benjamin Harper ' +
  'Leo Zoe Daniel Chloe Samuel Lily Matthew Grace Owen Abigail Gabriel Ella Jacob Scarlett Nathan Victoria Elijah Layla ' +
  'Nicholas Audrey David Hannah Christopher Penelope Thomas Nora Andrew Aria Joseph Claire Ryan Stella Jonathan'
).split(' ');
const PRONOUNS = words(
  'i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers ' +
    'herself it its itself they them their theirs themselves',
);
const STOP_WORDS = words(
  'i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it ' +
    'its itself they them their theirs themselves what which who whom this that these those am is are was were be been ' +
    'being have has had having do does did doing a an the and but if or because as until while of at by for with about ' +
    'against between into through during before after above below to from up down in out on off over under again ' +
    'further then once here there when where why how all any both each few more most other some such no nor not only ' +
    'own same so than too very s t can will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn ' +
    'haven isn ma mightn mustn needn shan shouldn wasn weren won wouldn',
);
const CONJUNCTIONS = words('and but for nor or so yet');
const PRIMES = new Set([
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
]);

const whole = (keyword: string): string => `\\b${escapePattern(keyword)}\\b`;
const ending = (sentences: readonly string[], mark: string): number =>
  sentences.filter((one) => one.endsWith(mark)).length;

/** Three letters after each other, as often as they are different. */
function trigrams(text: string): Set<string> {
  const letters = characters(text);
  return new Set(letters.slice(2).map((_, index) => letters.slice(index, index + 3).join('')));
}

const KEYWORDS = ['keyword1', 'keyword2', 'keyword3', 'keyword4', 'keyword5'];
const KEYWORD_COUNTS = [1, 2, 3, 5, 7];

export const COUNT_RULES: Rules = [
  rule('count:word_count_range', 'min_words max_words', (text, given) => {
    const found = findAll(WORD, text).length;
    return given.count('min_words') <= found && found <= given.count('max_words');
  }),
  rule('count:unique_word_count', 'N', (text, given) =>
    given.atLeast(new Set(splitWords(lower(text)).map(trimmed)).size, 'N', [100, 500]),
  ),
  rule('count:conjunctions', 'small_n', (text, given) => {
    const found = splitWords(text).filter((word) => CONJUNCTIONS.has(lower(trimmed(word))));
    return given.atLeast(new Set(found).size, 'small_n', [2, 6]);
  }),
  rule('count:person_names', 'N', (text, given) =>
    given.atLeast(
      NAMES.filter((name) => rulePattern(whole(name)).search(text) !== undefined).length,
      'N',
      [1, 50],
    ),
  ),
  rule('count:numbers', 'N', (text, given) => findAll(DIGITS, unmarked(text)).length === given.count('N')),
  rule('count:pronouns', 'N', (text, given) =>
    given.atLeast(
      byWordTokens(
        lower(text.replaceAll('/', ' ')),
        (found) => found.filter((word) => PRONOUNS.has(word)).length,
      ),
      'N',
      [1, 25],
    ),
  ),
  plain('count:punctuation', (text) => {
    if (!/!\?|\?!|‽/.test(text)) return false;
    const rest = text.includes('?!') ? text.replace('?!', '') : text.replace('!?', '');
    return ['.', ',', '!', '?', ';', ':'].every((mark) => rest.includes(mark));
  }),
  rule('count:keywords_multiple', KEYWORDS.join(' '), (text, given) => {
    // Seven times a word of three letters does not fit, whichever words would be drawn.
    if (characters(text).length < 21 && KEYWORDS.every((key) => given.raw(key) === undefined)) return false;
    return KEYWORDS.every(
      (key, index) => lower(text).split(lower(given.text(key))).length - 1 === KEYWORD_COUNTS[index],
    );
  }),
  rule('count:words_japanese', 'N', (text, given) => {
    const every = given.count('N');
    if (every === 0) throw new Unfit('division by zero');
    const due = splitWords(text)
      .filter((_, index) => (index + 1) % every === 0)
      .map(trimmed);
    return due.every((word) => word === '' || isDigit(word) || JAPANESE.test(word));
  }),
  rule('ratio:stop_words', 'percentage', (text, given) => {
    const all = findAll(WORD, text).length;
    const stops = byWordTokens(text, (found) => found.filter((word) => STOP_WORDS.has(lower(word))).length);
    return all > 0 && (stops / all) * 100 <= given.count('percentage');
  }),
  plain('ratio:sentence_type', (text) => {
    const sentences = ruleSentences(text);
    return ending(sentences, '.') === 2 * ending(sentences, '?');
  }),
  plain('ratio:sentence_balance', (text) => {
    const sentences = ruleSentences(text);
    return new Set(['.', '?', '!'].map((mark) => ending(sentences, mark))).size === 1;
  }),
  plain('ratio:sentence_words', (text) => {
    const sentences = ruleSentences(text);
    const lengths = new Set(sentences.map((sentence) => characters(sentence).length));
    return sentences.length === 3 && lengths.size === 1;
  }),
  rule('ratio:overlap', 'reference_text percentage', (text, given) => {
    const [found, wanted] = [trigrams(text), trigrams(given.requiredText('reference_text'))];
    const share = ([...found].filter((one) => wanted.has(one)).length / found.size) * 100;
    const percentage = given.count('percentage');
    return found.size > 0 && percentage - 2 <= share && share <= percentage + 2;
  }),
  plain('words:alphabet', (text) => {
    const found = splitWords(trimmed(unmarked(text))).map(lower);
    const first = found[0]?.charCodeAt(0) ?? 0;
    if (first < 97 || first > 122) return false;
    return found.every((word, index) => word.charCodeAt(0) === 97 + ((first - 97 + index) % 26));
  }),
  plain('words:vowel', (text) => {
    const only = strip(text);
    return !only.includes('\n') && new Set(lower(only).match(/[aeiou]/g) ?? []).size <= 3;
  }),
  plain('words:consonants', (text) =>
    splitWords(lower(text)).every((word) => /[b-df-hj-np-tv-z]{2}/.test(word)),
  ),
  plain('words:palindrome', (text) => {
    const found = splitWords(lower(unmarked(text)));
    return found.filter((word) => characters(word).length >= 5 && word === reversed(word)).length >= 10;
  }),
  plain('words:prime_lengths', (text) =>
    splitWords(unmarked(text)).every((word) => PRIMES.has(characters(word).length)),
  ),
  rule('words:repeats', 'small_n', (text, given) => {
    const counts = new Map<string, number>();
    for (const word of plainWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    const most = given.count('small_n');
    return [...counts.values()].every((count) => count <= most);
  }),
  plain('words:start_verb', () => {
    throw new NeedsData('parts of speech');
  }),
  plain('words:odd_even_syllables', (text) => {
    if (plainWords(text).length < 2) return true;
    throw new NeedsData('syllables');
  }),
  plain('words:last_first', (text) => {
    const sentences = ruleSentences(text);
    return sentences.every((sentence, index) => {
      const next = sentences[index + 1];
      if (next === undefined) return true;
      const [last, first] = [splitWords(trimmedEnd(sentence)).at(-1), splitWords(trimmedStart(next))[0]];
      return last !== undefined && first !== undefined && lower(last) === lower(first);
    });
  }),
  plain('words:paragraph_last_first', (text) =>
    text.split('\n').every((paragraph) => {
      const found = splitWords(trimmed(lower(strip(paragraph))));
      return found[0] === found.at(-1);
    }),
  ),
  plain('words:no_consecutive', (text) => {
    const letters = plainWords(text).map((word) => characters(word)[0]);
    return letters.every((letter, index) => letter !== letters[index + 1]);
  }),
  rule('words:keywords_specific_position', 'keyword n m', (text, given) => {
    const keyword = given.text('keyword');
    const [n, m] = [given.countFromOne('n'), given.countFromOne('m')];
    const sentences = ruleSentences(text);
    if (sentences.length < n) return false;
    return byWordTokens(sentences.at(n - 1) ?? '', (found) => found[m - 1] === keyword);
  }),
  rule('words:words_position', 'keyword', (text, given) => {
    const keyword = lower(given.text('keyword'));
    const fits = (word: string | undefined): boolean => word !== undefined && lower(word) === keyword;
    return byWordTokens(text, (found) => fits(found[1]) && fits(found.at(-2)));
  }),
  plain('sentence:alliteration_increment', (text) => {
    let before = -1;
    return ruleSentences(text).every((sentence) => {
      const letters = splitWords(lower(sentence))
        .map(trimmedStart)
        .filter((word) => word !== '')
        .map((word) => characters(word)[0]);
      let [found, running] = [0, false];
      for (const [index, letter] of letters.slice(0, -1).entries()) {
        const same = letter === letters[index + 1];
        if (same) found += running ? 1 : 2;
        running = same;
      }
      const more = found > before;
      before = found;
      return more;
    });
  }),
  rule('sentence:increment', 'small_n', (text, given) => {
    const counts = ruleSentences(text).map((sentence) => splitWords(unmarked(sentence)).length);
    if (counts.length === 0) throw new Unfit('no sentence');
    const step = given.count('small_n');
    return counts.every((count, index) => index === 0 || count === counts[index - 1]! + step);
  }),
  rule('sentence:keyword', 'word N', (text, given) => {
    const word = given.requiredText('word');
    const place = given.count('N');
    const sentences = ruleSentences(text);
    if (sentences.length < place) return false;
    const sentence = sentences.at(Math.trunc(place - 1));
    if (sentence === undefined) throw new Unfit('no sentence');
    return lower(sentence).includes(lower(word));
  }),
];
