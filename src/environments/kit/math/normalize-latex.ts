import { pythonRegex, strip, stripStart } from '../../../python/index.js';
import type { PythonRegex } from '../../../python/index.js';
import { boxedParts } from './boxed-parts.js';
import { UNITS } from './units.js';

/*
 * How math-verify tidies LaTeX before it reads it (latex2sympy2_extended 1.10.2, settings of math-verify 0.8.0). The
 * tidied text is part of the verdict: two equal texts are equal answers, whatever they mean.
 */

const raw = String.raw;

/** Delimiters whose `\left` or `\right` is dropped. */
const LEFT = [
  raw`\\\{`, raw`\{`, raw`\\\|`, raw`\|`, raw`\[`, raw`\(`, raw`\\rbracl`, raw`\\lgroup`, raw`\\lbrace`, raw`\\lbrack`,
  raw`\\l?vert`, raw`\\lceil`, raw`\\lfloor`, raw`\\langle`, raw`\\llcorner`, raw`\\ulcorner`,
]; // prettier-ignore
const RIGHT = [
  raw`\\\}`, raw`\}`, raw`\\\|`, raw`\|`, raw`\]`, raw`\)`, raw`\\rbrack`, raw`\\rgroup`, raw`\\rbrace`,
  raw`\\r?vert`, raw`\\rceil`, raw`\\rfloor`, raw`\\rangle`, raw`\\lrcorner`, raw`\\urcorner`,
]; // prettier-ignore

const PLAIN_SIDES: readonly [PythonRegex, string][] = [
  [pythonRegex(raw`\\m?left(${LEFT.join('|')})`), raw`\1`],
  [pythonRegex(raw`\\m?right(${RIGHT.join('|')})`), raw`\1`],
];

const OPERAND = raw`[a-zA-Z0-9+\-*/\\ ]+?`;
const PERMUTATION = pythonRegex(raw`\((${OPERAND})\)_{(${OPERAND})}`);

const DROPPED = pythonRegex(
  [
    raw`\\mathrm\{th\}`,
    raw`\\!\s*`,
    raw`\\text\s*\{\s*\}`,
    raw`\\\$|\$`,
    raw`(?<!\\)["']`,
    raw`\\displaystyle`,
  ].join('|'),
);

/** In one pass over the text; of two that fit at one place the first. */
const REWRITTEN: readonly [pattern: string, by: string][] = [
  [raw`\\math(?:rm|it|bf)`, raw`\text`],
  [raw`\\text(?:normal|bf|it|rm)`, raw`\text`],
  [raw`\\[dtc]frac`, raw`\frac`],
  [raw`\s\.`, ' 0.'],
  [raw`\{\.`, '{0.'],
  [raw`~=`, raw`\approx`],
  [raw`\s*\{\s*,\s*\}`, ','],
  [raw`(?<![a-zA-Z]),?\s*(?:and|or)(?![a-zA-Z])`, ','],
  [raw`,?\s*\\text{\s*(?:and|or)\s*}`, ','],
  [raw`(?<!\\)\\\s`, ' '],
  [raw`infinity`, raw`\infty`],
  [raw`,?\\ldots`, ' '],
  [raw`\s*percentage`, raw`\%`],
  [raw`\\text{percentage}`, raw`\%`],
  [raw`\s*percent`, raw`\%`],
  [raw`\\text{percent}`, raw`\%`],
  [raw`\s*pct`, raw`\%`],
  [raw`\\text{pct}`, raw`\%`],
  [raw`(?<!\\)inf(?!inity)`, raw`\infty`],
  [raw` sqrt`, raw`\sqrt`],
];
const REWRITE = pythonRegex(REWRITTEN.map(([pattern]) => `(${pattern})`).join('|'));

const DOUBLE_BACKSLASH = pythonRegex(raw`\\\\(?=[a-zA-Z])`);

const UNIT_TEXT = pythonRegex(raw`\\(?:text|mbox){.*?}(?:\^\d|\{\^\d\})?$`);
const UNIT_WORD = pythonRegex(raw`(\d|\}|\s)\s*(?:${UNITS.join('|')})(?:s|es)?\s*$`);

/** Braces that were left out. */
const OPERATORS: readonly [PythonRegex, string][] = [
  [pythonRegex(raw`\^\s?\((.*?)\)`), raw`^{\1}`],
  [pythonRegex(raw`sqrt\s?\((.*?)\)`), raw`\\sqrt{\1}`],
  [pythonRegex(raw`\\frac\s?(\d)\s?(\d+)`), raw`\\frac{\1}{\2}`],
  [pythonRegex(raw`\\log_\s?(\d)\s?(\d+)`), raw`\\log_{\1}{\2}`],
  [pythonRegex(raw`\\frac\s?{(.*?)}\s?(\d)`), raw`\\frac{\1}{\2}`],
  [pythonRegex(raw`\\frac\s?(\d)\s?{(.*?)}`), raw`\\frac{\1}{\2}`],
  [pythonRegex(raw`\\sqrt\s?(\d)`), raw`\\sqrt{\1}`],
];

/** LaTeX as it is read, and as it is compared. `boxes`: the boxes of a text that are looked into. */
export function normalizeLatex(latex: string, boxes: 'all' | 'last'): string {
  let text = basics(boxedParts(latex, boxes));
  text = withoutUnits(text);
  if (text.startsWith('.')) text = `0${text}`;
  if (text === '0.5') text = raw`\frac{1}{2}`;
  for (const [pattern, by] of OPERATORS) text = pattern.sub(by, text);
  text = text.replaceAll(' sqrt', raw`\sqrt`);
  return strip(slashFraction(bracedFractions(bracedRoots(text))));
}

/** LaTeX as it is compared without being read: tidied as above, but for units and operators. */
export const normalizeBasics = (latex: string): string => strip(basics(boxedParts(latex, 'all')));

function basics(latex: string): string {
  let text = latex
    .replaceAll(raw`\mathrm{T}`, 'T')
    .replaceAll(raw`\mathrm{d}`, 'd')
    .replaceAll(raw`{\rm d}`, 'd')
    .replaceAll(raw`\left[\begin{matrix}`, raw`\begin{bmatrix}`)
    .replaceAll(raw`\end{matrix}\right]`, raw`\end{bmatrix}`);
  for (const [pattern, by] of PLAIN_SIDES) text = pattern.sub(by, text);
  text = PERMUTATION.sub(raw`\\frac{(\1)!}{((\1)-(\2))!}`, text);
  text = DROPPED.sub('', text);
  text = REWRITE.sub(
    (match) => REWRITTEN[match.groups().findIndex((group) => group !== undefined)]![1],
    text,
  );
  text = text.replaceAll('\n', ' ').replaceAll('\t', ' ');
  return text.includes('matrix') ? text : DOUBLE_BACKSLASH.sub(raw`\\`, text);
}

function withoutUnits(latex: string): string {
  let text = latex;
  const without = strip(UNIT_TEXT.sub('', text));
  if (without !== '') text = without;
  for (let time = 0; time < 2; time += 1) {
    const less = UNIT_WORD.sub(raw`\1`, text);
    if (less !== '') text = less;
  }
  return text;
}

/** `\frac12` as `\frac{1}{2}`; as it is where one of them is too short. */
function bracedFractions(text: string): string {
  const [first = '', ...rest] = text.split(raw`\frac`);
  let made = first;
  for (const part of rest.map((one) => stripStart(one))) {
    const characters = Array.from(part);
    const [a = '', b = ''] = characters;
    made += raw`\frac`;
    if (a === '{') made += part;
    else if (characters.length < 2) return text;
    else made += `{${a}}${b === '{' ? b : `{${b}}`}${characters.slice(2).join('')}`;
  }
  return made;
}

function bracedRoots(text: string): string {
  const [first = '', ...rest] = text.split(raw`\sqrt`);
  const parts = rest.map((one) => {
    const part = stripStart(one);
    const [a = ''] = part;
    return a === '' || a === '{' || a === '[' ? part : `{${a}}${part.slice(a.length)}`;
  });
  return [first, ...parts].join(raw`\sqrt`);
}

/** `3/4` alone as a fraction; numbers as Python would write them again. */
function slashFraction(text: string): string {
  const [, a, b] = /^(0|-?[1-9][0-9]*)\/(0|-?[1-9][0-9]*)$/.exec(text) ?? [];
  return a === undefined ? text : raw`\frac{${a}}{${b!}}`;
}
