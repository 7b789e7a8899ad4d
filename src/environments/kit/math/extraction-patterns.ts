import { escapePattern, pythonRegex } from '../../../python/index.js';
import type { PythonRegex } from '../../../python/index.js';

/*
 * Where math-verify 0.8.0 looks for answers in a text: patterns with a priority, the lowest first. Groups named
 * "latex…" hold LaTeX, "expr" an expression of digits and operators, "integer…", "decimal…" and "percent" a number,
 * "letter" the letter of a choice.
 */

/** What is made of a match. */
export type Target = 'number' | 'latex' | 'letter';

export interface AnswerPattern {
  readonly pattern: PythonRegex;
  readonly priority: number;
  readonly target: Target;
}

const raw = String.raw;
const either = (...parts: string[]): string => `(?:${parts.join('|')})`;

const CURRENCIES = escapePattern('$€£¥₹₽₪₩₫฿₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿');

function numberPattern(): { anchored: string; expression: string } {
  const number =
    raw`(?<!\d)` +
    either(
      raw`(?P<integer1>-?[1-9]\d{0,2}(?:[ ,]\d{3})+)(?P<decimal1>\.\d+)?`,
      raw`(?P<integer2>-?\d+)(?P<decimal2>[.,]\d+)`,
      raw`(?P<decimal3>\.\d+)`,
      raw`(?P<integer3>-?\d+)`,
    ) +
    raw`(?P<percent>\s*(?:%|[Pp]ercent|\s*[Pp]ercentage|\s*[Pp]ct))?`;
  const operators = raw`\+\-\*\×\/\^\(\)\÷`;
  const inside = raw`[\d\.\s${operators}]`;
  const expression = raw`(?P<expr>-?\(?-?\d${inside}*[${operators}]${inside}+\)?)`;
  const before = raw`(?:^|\s|\=)(?:\*\*)?`;
  const after = raw`(?:\*\*)?(?:\.|,|:|\s|\)|\$|$)`;
  return {
    anchored: `(?:${before}[${CURRENCIES}]?${number})`,
    expression: `(?:${before}${expression}${after})`,
  };
}

function numberPatterns(): [string, number][] {
  const { anchored, expression } = numberPattern();
  const value = either(expression, anchored);
  const near = raw`(?:.{0,100}=\s*|.{0,50}?)${value}(?!\s*=)`;
  return [
    [raw`(?i:final answer is)\:?\s*${value}\.?\s?I hope`, 0],
    [raw`(?i:final answer.{0,100}?)\s+is\:?${value}`, 50],
    [`(?i:answer):${near}`, 100],
    [`(?i:answer)${near}`, 200],
    [expression, 300],
    [anchored, 300],
  ];
}

/** The ways to write LaTeX in a text. `boxed`: those with a box in them. */
function environments(name: string, boxed: boolean): string {
  const within = (character: string): string =>
    boxed ? raw`${character}*?\\boxed{${character}+?}${character}*?` : `${character}+?`;
  const group = (kind: string, character: string): string => `(?P<${name}_latex${kind}>${within(character)})`;
  const ways = [
    raw`(?<!\\)\$\$${group('DisplayDollar', raw`(?:[^$]|\$(?!\$))`)}(?<!\\)\$\$`,
    raw`(?<!\\)\\\[${group('DisplayBracket', raw`(?:[^\\]|\\(?!\]))`)}(?<!\\)\\\]`,
    raw`(?<!\\|\d)\$${group('InlineDollar', raw`(?:\\[$]|[^\n$])`)}(?<!\\)\$`,
    raw`(?<!\\)\\\(${group('InlineParenthesis', raw`(?:[^\\\n]|\\(?!\)))`)}(?<!\\)\\\)`,
    raw`\s\[${group('InlineBracket', raw`[^\n\]\[]`)}\]\s`,
  ];
  if (!boxed) {
    const number = raw`-?\d+(?:[.,]\d+)?`;
    ways.push(raw`(?P<${name}_latexFraction>-?\\frac{${number}}{${number}})`);
  }
  return raw`(?:${either(...ways)}\s*(?P<${name}_percent>(?:\\?%|[Pp]ercent|[Pp]ercentage|[Pp]ct))?)`;
}

/** Up to six of them, joined by commas or words. */
function latexList(boxed: boolean): string {
  const more = [1, 2, 3, 4, 5].map(
    (index) => raw`(?:\s*(?:,?and|,?or|,)\s*${environments(`next${index}`, boxed)})?`,
  );
  return environments('first', boxed) + more.map((one) => (boxed ? raw`\s*${one}` : one)).join('');
}

function latexPatterns(): [string, number][] {
  const latex = `(?:${latexList(false)})`;
  return [
    [raw`(?i:final answer is)\:?\s*${latex}\.?\s?I hope`, 0],
    [raw`(?i:final answer.{0,100}?)\s+is\:?\s*${latex}`, 50],
    [`(?i:answer):.{0,50}?${latex}`, 100],
    [`(?i:answer).{0,50}?${latex}`, 200],
    [latex, 300],
    [latexList(true), 50],
    // Where a box ends is not for a pattern to say: all up to the last brace.
    [raw`(?P<first_latexBoxed>\\boxed{.+})`, 50],
  ];
}

/** A letter from A to J that stands alone. */
function letterPatterns(): [string, number][] {
  const letter = '(?P<letter>[A-J])';
  const after = raw`(?:\*\*)?(?:\.|,|:|\s|$)`;
  const alone = raw`(?:^|\s)(?:\*\*)?${letter}${after}`;
  return [
    [raw`(?i:final answer is)\:?\s*${letter}\.?\s?I hope`, 0],
    [raw`(?i:final answer.{0,100}?)\s+is\:?\s*${letter}`, 50],
    [`(?i:answer):.{0,50}?${alone}`, 100],
    [`(?i:answer).{0,50}?${alone}`, 200],
    [raw`^(?:\*\*)?${letter}${after}`, 250],
    [alone, 300],
  ];
}

const made = (patterns: [string, number][], target: Target, dotAll: boolean): AnswerPattern[] =>
  patterns.map(([pattern, priority]) => ({ pattern: pythonRegex(pattern, { dotAll }), priority, target }));

let known: Readonly<Record<Target, readonly AnswerPattern[]>> | undefined;

/** The patterns of a target, in order. */
export function answerPatterns(target: Target): readonly AnswerPattern[] {
  known ??= {
    number: made(numberPatterns(), 'number', false),
    latex: made(latexPatterns(), 'latex', true),
    letter: made(letterPatterns(), 'letter', false),
  };
  return known[target];
}
