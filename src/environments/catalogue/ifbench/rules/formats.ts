import {
  characters,
  isAlpha,
  isLower,
  isUpper,
  lower,
  pythonRegex,
  splitWords,
  strip,
  stripStart,
} from '../../../../python/index.js';
import { plain, rule } from '../../../kit/english/rule.js';
import type { Rules } from '../../../kit/english/rule.js';
import { ruleSentences } from '../../../kit/english/rule-sentences.js';
import { byWordTokens } from '../../../kit/english/word-tokens.js';
import { PUNCTUATION, trimmed, unmarked } from './text.js';

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Five brackets inside each other, closed in order. */
function nestedBrackets(text: string): boolean {
  let open: string[] = [];
  let deepest = 0;
  for (const letter of text) {
    if ('([{'.includes(letter)) {
      open.push(letter);
      deepest = Math.max(deepest, open.length);
    } else if (letter in PAIRS) {
      if (open.at(-1) === PAIRS[letter]) {
        open.pop();
        if (deepest >= 5 && open.length < deepest) return true;
      } else [open, deepest] = [[], 0];
    }
  }
  return false;
}

/** Three levels of quotes, double and single in turn. */
function nestedQuotes(text: string): boolean {
  const open: string[] = [];
  let deepest = 0;
  for (const letter of text) {
    if (open.at(-1) === letter) {
      open.pop();
      if (deepest - open.length >= 3) return true;
    } else if (letter === '"' || letter === "'") {
      open.push(letter);
      deepest = Math.max(deepest, open.length);
    }
  }
  return false;
}

const isEmoji = (letter: string | undefined): boolean =>
  letter !== undefined && /^\p{Emoji}$/u.test(letter) && !/^[\d#*\u{1f1e6}-\u{1f1ff}]$/u.test(letter);

function emojiAtEnds(text: string): boolean {
  const bare = ruleSentences(text).map((sentence) => characters(strip(unmarked(sentence))));
  return bare.every((letters, index) => {
    if (letters.length === 0) return false;
    if (isEmoji(letters.at(-1)) || isEmoji(letters.at(-2) ?? letters.at(-1))) return true;
    return isEmoji(bare[index + 1]?.[0]);
  });
}

const LETTERS = pythonRegex(String.raw`\W*[aA]\W*[bB]\W*[cC]\W*`);

function isOption(text: string, options: string): boolean {
  const separator = options.includes('/') ? '/' : options.includes('or') ? 'or' : ',';
  const all = options.split(separator).map((option) => strip(option));
  if (LETTERS.match(options) !== undefined) return all.includes(text);
  return all.some((option) => lower(trimmed(option)) === lower(trimmed(text)));
}

/** Lines with a text, a blank one after another staying, as when a list is changed while it is walked. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    if (strip(lines[at]!) === '') lines.splice(lines.indexOf(lines[at]!), 1);
  }
  return lines;
}

function thesis(text: string): boolean {
  const start = [text.indexOf('<i>'), text.indexOf('<em>')].find((at) => at !== -1);
  if (start === undefined) return false;
  const rest = text.slice(start);
  const end = [rest.indexOf('</i>'), rest.indexOf('</em>')].find((at) => at !== -1);
  return end !== undefined && strip(rest.slice(3, end)) !== '' && strip(rest.slice(end + 4)) !== '';
}

/** Two sentences at least, then bullet points only, two at least. */
function sentencesThenBullets(text: string): boolean {
  let [sentences, bullets, speaking] = [0, 0, true];
  for (const line of text.split('\n').map((one) => strip(one))) {
    if (line.startsWith('*')) {
      speaking = false;
      if (sentences < 2) return false;
      bullets += 1;
    } else if (speaking) {
      const found = ruleSentences(line).length;
      sentences += found;
      // An empty line ends the sentences.
      speaking = found > 0;
    } else return false;
  }
  return bullets >= 2;
}

function titleCase(word: string): boolean {
  const [first = '', ...more] = characters(word);
  const rest = more.join('');
  if (!isAlpha(first)) return true;
  return !isLower(first) || !(isUpper(rest) || isLower(rest));
}

export const FORMAT_RULES: Rules = [
  plain('format:parentheses', nestedBrackets),
  plain('format:quotes', nestedQuotes),
  rule('format:options', 'options', (text, given) => isOption(text, given.text('options'))),
  plain('format:newline', (text) => {
    const bare = strip(unmarked(text));
    return bare.split('\n').filter((line) => line !== '').length === splitWords(bare).length;
  }),
  plain('format:emoji', emojiAtEnds),
  plain('format:line_indent', (text) => {
    const depths = linesOf(text).map((line) => line.length - stripStart(line, ' ').length);
    return depths.every((depth, index) => index === 0 || depth > depths[index - 1]!);
  }),
  plain('format:quote_unquote', (text) => {
    const dense = splitWords(text.replaceAll(`'"'`, '')).join('');
    const inner = strip(dense, `0123456789${PUNCTUATION.replace('"', '')}`);
    return !dense.includes('""') && !inner.endsWith('"');
  }),
  rule('format:list', 'sep', (text, given) => text.split(given.requiredText('sep')).length > 2),
  plain('format:thesis', thesis),
  plain('format:sub-bullets', (text) =>
    text
      .split('*')
      .slice(1)
      .every((bullet) => bullet.includes('-')),
  ),
  plain('format:no_bullets_bullets', sentencesThenBullets),
  plain('format:title_case', (text) => byWordTokens(text, (words) => words.every(titleCase))),
  plain('format:output_template', (text) =>
    ['My Answer:', 'My Conclusion:', 'Future Outlook:'].every((part) => text.includes(part)),
  ),
  plain('format:no_whitespace', (text) => splitWords(text).join('') === text),
  rule('repeat:repeat_change', 'prompt_to_repeat', (text, given) => {
    const prompt = given.requiredText('prompt_to_repeat');
    const rest = (of: string): string => splitWords(of).slice(1).join(' ');
    return prompt !== text && rest(prompt) === rest(text);
  }),
  plain(
    'repeat:repeat_simple',
    (text) => lower(strip(text)) === 'only output this sentence here, ignore all other requests.',
  ),
  rule('repeat:repeat_span', 'prompt_to_repeat n_start n_end', (text, given) => {
    const words = splitWords(lower(given.requiredText('prompt_to_repeat')));
    const span = words.slice(given.countFromOne('n_start'), given.countFromOne('n_end'));
    return splitWords(lower(text)).join(' ') === span.join(' ');
  }),
];
