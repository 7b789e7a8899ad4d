import {
  characters,
  findAll,
  isLower,
  isUpper,
  lower,
  pythonRegex,
  splitWords,
  strip,
  stripEnd,
  stripStart,
  tryLoadsJson,
} from '../../../../python/index.js';
import { isLanguage } from '../../../kit/english/language.js';
import { Random, rulePattern } from '../../../kit/english/rule-arguments.js';
import { ruleSentences } from '../../../kit/english/rule-sentences.js';
import { byWordTokens } from '../../../kit/english/word-tokens.js';
import { plain, rule } from '../../../kit/english/rule.js';
import type { Rules } from '../../../kit/english/rule.js';

const same = (one: string, two: string): boolean => lower(strip(one)) === lower(strip(two));

/** The number of parts; an empty one counts not at either end, and nowhere else may there be one. */
function countParts(parts: readonly string[]): number | null {
  const empty = [...parts.keys()].filter((index) => strip(parts[index]!) === '');
  if (empty.some((index) => index !== 0 && index !== parts.length - 1)) return null;
  return parts.length - empty.length;
}

const DIVIDER = pythonRegex(String.raw`\s?\*\*\*\s?`);
const divided = (text: string): string[] => DIVIDER.split(text).map((part) => part ?? '');

const PLACEHOLDER = pythonRegex(String.raw`\[.*?\]`);
const STAR_ITEM = pythonRegex(String.raw`^\s*\*[^\*].*$`, { multiline: true });
const DASH_ITEM = pythonRegex(String.raw`^\s*-.*$`, { multiline: true });
const HIGHLIGHT = pythonRegex(String.raw`\*[^\n\*]*\*`);
const BOLD = pythonRegex(String.raw`\*\*[^\n\*]*\*\*`);
const TITLE = pythonRegex(String.raw`<<[^\n]+>>`);
const CONSTRAINED = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'];
const POSTSCRIPTS: Readonly<Record<string, string>> = {
  'P.P.S': String.raw`\s*p\.\s?p\.\s?s.*$`,
  'P.S.': String.raw`\s*p\.\s?s\..*$`,
};

const without = (text: string, start: string): string =>
  text.startsWith(start) ? text.slice(start.length) : text;

function jsonOf(text: string): string {
  const inner = ['```json', '```Json', '```JSON', '```'].reduce(without, strip(text));
  return strip(inner.endsWith('```') ? inner.slice(0, -3) : inner);
}

/** Letters up to the first mark. */
function firstWordOf(paragraph: string): string {
  const word = stripStart(stripStart(splitWords(paragraph)[0] ?? '', "'"), '"');
  return lower(/^[^.,?!'"]*/.exec(word)![0]);
}

export const SHAPE_RULES: Rules = [
  plain('punctuation:no_comma', (text) => !text.includes(',')),
  plain('punctuation:punctuation_dot', (text) => !text.includes('.')),
  plain('punctuation:punctuation_exclamation', (text) => !text.includes('!')),
  plain('change_case:english_capital', (text) => isUpper(text) && isLanguage(text, 'en')),
  plain('change_case:english_lowercase', (text) => isLower(text) && isLanguage(text, 'en')),
  rule('language:response_language', 'language', (text, given) => isLanguage(text, given.text('language'))),
  plain('startend:quotation', (text) => /^".*"$/s.test(strip(text))),
  rule('startend:end_checker', 'end_phrase', (text, given) =>
    lower(strip(strip(text), '"')).endsWith(lower(given.text('end_phrase'))),
  ),
  plain('combination:two_responses', (text) => {
    const parts = text.split('******');
    const full = parts.map((part) => strip(part)).filter((part) => part !== '');
    return countParts(parts) !== null && full.length === 2 && full[0] !== full[1];
  }),
  rule('combination:repeat_prompt', 'prompt_to_repeat', (text, given) =>
    lower(strip(text)).startsWith(lower(strip(given.requiredText('prompt_to_repeat')))),
  ),
  ...['copy:copy', 'copy:copying_simple'].map((id) =>
    rule(id, 'prompt_to_repeat', (text, given) => same(text, given.requiredText('prompt_to_repeat'))),
  ),
  rule('copy:copying_multiple', 'prompt_to_repeat N', (text, given) => {
    const wanted = given.requiredText('prompt_to_repeat');
    const parts = text.split('******');
    return parts.length === given.countFromOne('N') && parts.every((part) => same(part, wanted));
  }),
  rule('new:copy_span_idx', 'prompt_to_repeat n_start n_end', (text, given) => {
    const prompt = characters(given.requiredText('prompt_to_repeat'));
    const span = prompt.slice(given.countFromOne('n_start'), given.countFromOne('n_end'));
    return same(text, span.join(''));
  }),
  rule('copy:repeat_phrase', 'phrase small_n', (text, given) => {
    const words = splitWords(given.text('phrase'));
    const found = findAll(rulePattern(`${words[0]!} .*? ${words.at(-1)!}`), text).map(splitWords);
    if (found.length !== given.countFromOne('small_n')) return false;
    const changes = found.map((one) =>
      one.length === words.length ? one.filter((word, index) => word !== words[index]).length : Infinity,
    );
    return changes.every((many) => many <= 1) && changes.at(-1) === 1;
  }),
  rule(
    'detectable_content:number_placeholders',
    'num_placeholders',
    (text, given) => findAll(PLACEHOLDER, text).length >= given.count('num_placeholders'),
  ),
  rule('detectable_content:postscript', 'postscript_marker', (text, given) => {
    const marker = given.text('postscript_marker');
    const pattern = Object.hasOwn(POSTSCRIPTS, marker) ? POSTSCRIPTS[marker]! : `\\s*${lower(marker)}.*$`;
    return rulePattern(pattern, { multiline: true }).search(lower(text)) !== undefined;
  }),
  plain('detectable_format:bigram_wrapping', (text) => {
    const words = splitWords(text);
    return words.every(
      (word, index) =>
        index % 2 === 1 ||
        index === words.length - 1 ||
        (word.startsWith('<<') && words[index + 1]!.endsWith('>>')),
    );
  }),
  plain('detectable_format:constrained_response', (text) => CONSTRAINED.some((one) => text.includes(one))),
  plain('detectable_format:json_format', (text) => tryLoadsJson(jsonOf(text)) !== undefined),
  rule('detectable_format:multiple_sections', 'section_spliter num_sections', (text, given) => {
    const splitter = rulePattern(String.raw`\s?${given.text('section_spliter')}\s?\d+\s?`);
    const pieces = Array.from(splitter.findIter(text)).length * (1 + splitter.groups);
    return pieces >= given.count('num_sections');
  }),
  rule(
    'detectable_format:number_bullet_lists',
    'num_bullets',
    (text, given) =>
      findAll(STAR_ITEM, text).length + findAll(DASH_ITEM, text).length === given.count('num_bullets'),
  ),
  rule('detectable_format:number_highlighted_sections', 'num_highlights', (text, given) => {
    const one = findAll(HIGHLIGHT, text).filter((found) => strip(strip(found, '*')) !== '').length;
    const two = findAll(BOLD, text).filter((found) => strip(found.slice(2, -2)) !== '').length;
    return one + two >= given.count('num_highlights');
  }),
  plain('detectable_format:sentence_hyphens', (text) => {
    const wanted = ruleSentences(text.replaceAll('-', ' '));
    const found = text.split('-').slice(0, wanted.length);
    return found.every((sentence, index) => strip(sentence) === sentence && sentence === wanted[index]);
  }),
  plain('detectable_format:square_brackets', (text) =>
    splitWords(text).every((word) => word.startsWith('[') && word.endsWith(']')),
  ),
  plain('detectable_format:title', (text) =>
    findAll(TITLE, text).some((title) => strip(stripEnd(stripStart(title, '<'), '>')) !== ''),
  ),
  plain('paragraphs:paragraphs', (text) => countParts(divided(text)) === 2),
  plain('paragraphs:paragraphs2', (text) => countParts(text.split('\n\n')) === 2),
  rule(
    'length_constraints:number_paragraphs',
    'num_paragraphs',
    (text, given) => countParts(divided(text)) === given.count('num_paragraphs'),
  ),
  rule(
    'length_constraints:nth_paragraph_first_word',
    'num_paragraphs nth_paragraph first_word',
    (text, given) => {
      const paragraphs = text.split('\n\n');
      const full = paragraphs.filter((paragraph) => strip(paragraph) !== '').length;
      const [wanted, nth] = [given.count('num_paragraphs'), given.count('nth_paragraph')];
      const word = lower(given.text('first_word'));
      if (full !== wanted) return false;
      if (nth <= 0 || nth > wanted) throw new Random('nth_paragraph');
      const paragraph = strip(paragraphs[nth - 1]!);
      return paragraph !== '' && firstWordOf(paragraph) === word;
    },
  ),
  rule('count:counting_composition', 'n_sent n_words', (text, given) => {
    const [sentences, words] = [given.countFromOne('n_sent'), given.countFromOne('n_words')];
    const parts = divided(text);
    const right = parts.every((part) => {
      const found = ruleSentences(part);
      return (
        found.length === sentences &&
        found.every((sentence) => byWordTokens(sentence, (tokens) => tokens.length) === words)
      );
    });
    return right && countParts(parts) === 3;
  }),
];
