import { pythonRegex, strip } from '../../../python/index.js';
import type { PythonRegex } from '../../../python/index.js';

const LETTER = '([A-Za-z])';
const SUFFIX = '(Inc|Ltd|Jr|Sr|Co)';
const STARTER = String.raw`(Mr|Mrs|Ms|Dr|Prof|Capt|Cpt|Lt|He\s|She\s|It\s|They\s|Their\s|Our\s|We\s|But\s|However\s|That\s|This\s|Wherever)`;
const ACRONYM = '([A-Z][.][A-Z][.](?:[A-Z][.])?)';

const rule = (pattern: string, replacement: string): [PythonRegex, string] => [
  pythonRegex(pattern),
  replacement,
];

/** Periods that end no sentence become `<prd>`. */
const FIRST = [
  rule('(Mr|St|Mrs|Ms|Dr)[.]', String.raw`\1<prd>`),
  rule('[.](com|net|org|io|gov|edu|me)', String.raw`<prd>\1`),
  rule('([0-9])[.]([0-9])', String.raw`\1<prd>\2`),
];
const DOTS = pythonRegex(String.raw`\.{2,}`);
const SECOND = [
  rule(String.raw`\s${LETTER}[.] `, String.raw` \1<prd> `),
  rule(`${ACRONYM} ${STARTER}`, String.raw`\1<stop> \2`),
  rule(`${LETTER}[.]${LETTER}[.]${LETTER}[.]`, String.raw`\1<prd>\2<prd>\3<prd>`),
  rule(`${LETTER}[.]${LETTER}[.]`, String.raw`\1<prd>\2<prd>`),
  rule(` ${SUFFIX}[.] ${STARTER}`, String.raw` \1<stop> \2`),
  rule(` ${SUFFIX}[.]`, String.raw` \1<prd>`),
  rule(` ${LETTER}[.]`, String.raw` \1<prd>`),
];

/** The sentences of a text by the rules that IFEval's checkers share; a last empty one is dropped. */
export function ruleSentences(given: string): string[] {
  const apply = (text: string, rules: readonly [PythonRegex, string][]): string =>
    rules.reduce((found, [pattern, replacement]) => pattern.sub(replacement, found), text);
  let text = apply(` ${given}  `.replaceAll('\n', ' '), FIRST);
  text = DOTS.sub((match) => `${'<prd>'.repeat(match.group()!.length)}<stop>`, text);
  text = apply(text.replaceAll('Ph.D.', 'Ph<prd>D<prd>'), SECOND)
    .replaceAll('.”', '”.')
    .replaceAll('."', '".')
    .replaceAll('!"', '"!')
    .replaceAll('?"', '"?')
    .replace(/[.?!]/g, '$&<stop>')
    .replaceAll('<prd>', '.');
  const sentences = text.split('<stop>').map((sentence) => strip(sentence));
  return sentences.at(-1) === '' ? sentences.slice(0, -1) : sentences;
}
