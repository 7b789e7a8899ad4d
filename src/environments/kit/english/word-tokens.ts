import { pythonRegex, splitWords } from '../../../python/index.js';
import type { PythonRegex } from '../../../python/index.js';
import { punktSentences, UnsureSentences } from './punkt-sentences.js';

const rule = (pattern: string, replacement: string): [PythonRegex, string] => [
  pythonRegex(pattern),
  replacement,
];

/** Marks set apart by blanks, in the order of NLTK's `NLTKWordTokenizer` (3.10): quotes, punctuation, brackets, clitics. */
const BEFORE: readonly [PythonRegex, string][] = [
  rule('([«“‘„]|[`]+)', String.raw` \1 `),
  rule(String.raw`^\"`, '``'),
  rule('(``)', String.raw` \1 `),
  rule(String.raw`([ \(\[{<])(\"|\'{2})`, '\\1 `` '),
  rule(String.raw`(?i)(?<!\w)(\')(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w)`, String.raw`\1 `),
  rule(String.raw`([^\.])(\.)([\]\)}>"\' »”’]*)\s*$`, String.raw`\1 \2 \3 `),
  rule(String.raw`([:,])([^\d])`, String.raw` \1 \2`),
  rule('([:,])$', String.raw` \1 `),
  rule(String.raw`\.{2,}`, String.raw` \g<0> `),
  rule('[;@#$%&]', String.raw` \g<0> `),
  rule(String.raw`[\u2012-\u2015]`, String.raw` \g<0> `),
  rule(String.raw`([^\.])(\.)([\]\)}>"\']*)\s*$`, String.raw`\1 \2\3 `),
  rule('[?!]', String.raw` \g<0> `),
  rule("([^'])' ", String.raw`\1 ' `),
  rule('[*]', String.raw` \g<0> `),
  rule(String.raw`[\]\[\(\)\{\}\<\>]`, String.raw` \g<0> `),
  rule('--', ' -- '),
];
const AFTER: readonly [PythonRegex, string][] = [
  rule('([»”’])', String.raw` \1 `),
  rule("''", " '' "),
  rule('"', " '' "),
  rule(String.raw`\s+`, ' '),
  rule(String.raw`([^' ])('[sS]|'[mM]|'[dD]|') `, String.raw`\1 \2 `),
  rule(String.raw`([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) `, String.raw`\1 \2 `),
  ...['(can)(not)', "(d)('ye)", '(gim)(me)', '(gon)(na)', '(got)(ta)', '(lem)(me)', "(more)('n)"].map(
    (word) => rule(String.raw`(?i)\b${word}\b`, String.raw` \1 \2 `),
  ),
  rule(String.raw`(?i)\b(wan)(na)(?=\s)`, String.raw` \1 \2 `),
  rule(String.raw`(?i) ('t)(is)\b`, String.raw` \1 \2 `),
  rule(String.raw`(?i) ('t)(was)\b`, String.raw` \1 \2 `),
];

/** The tokens of one sentence. */
export function sentenceTokens(sentence: string): string[] {
  const apply = (text: string, rules: readonly [PythonRegex, string][]): string =>
    rules.reduce((found, [pattern, replacement]) => pattern.sub(replacement, found), text);
  return splitWords(apply(` ${apply(sentence, BEFORE)} `, AFTER));
}

/**
 * What comes of the tokens of `nltk.word_tokenize(text)`. Where ends of sentences cannot be told, it must be the same
 * with all of them and with none; else {@link UnsureSentences} is thrown.
 */
export function byWordTokens<Result>(text: string, work: (tokens: string[]) => Result): Result {
  try {
    return work(punktSentences(text).flatMap(sentenceTokens));
  } catch (error) {
    if (!(error instanceof UnsureSentences)) throw error;
    const [one, two] = (['split', 'join'] as const).map((unsure) =>
      work(punktSentences(text, unsure).flatMap(sentenceTokens)),
    );
    if (one !== two) throw error;
    return one!;
  }
}
