import { lower } from '../../../python/index.js';
import type { PythonMatch } from '../../../python/index.js';
import { answerPatterns } from './extraction-patterns.js';
import type { AnswerPattern, Target } from './extraction-patterns.js';
import { convertNumber, percentOf } from './numbers.js';
import { normalizeLatex } from './normalize-latex.js';
import { readLatex } from './read-latex.js';
import { NoReading, NotOurs } from './tree.js';
import type { MathValue } from './tree.js';

/** What was found in a text: what it means, where it could be read, and the first text that was tried. */
export interface Found {
  readonly value: MathValue | undefined;
  readonly text: string | undefined;
}

/** A match taken apart: `value` undefined where it cannot be read. */
type Read = (match: PythonMatch) => { value: MathValue | undefined; text: string };

const READERS: Readonly<Record<Target, Read>> = {
  number: readNumber,
  latex: readLatexMatch,
  // A text, which has no other value.
  letter: (match) => ({ value: undefined, text: match.groupDict()['letter'] ?? '' }),
};

/**
 * The answer in a text by the rules of math-verify: the patterns by priority; within one, the match that ends last, of
 * those the longest; the first that can be read. Throws {@link NotOurs} where that cannot be said.
 */
export function extract(text: string, targets: readonly Target[]): Found {
  const patterns = targets.flatMap((target) => answerPatterns(target));
  const priorities = [...new Set(patterns.map(({ priority }) => priority))].sort((a, b) => a - b);
  let first: string | undefined;
  for (const wanted of priorities) {
    for (const { match, target } of matchesOf(
      patterns.filter(({ priority }) => priority === wanted),
      text,
    )) {
      const read = READERS[target](match);
      if (read.text !== '') first ??= read.text;
      if (read.value !== undefined) return { value: read.value, text: first };
    }
  }
  return { value: undefined, text: first };
}

function matchesOf(
  patterns: readonly AnswerPattern[],
  text: string,
): { match: PythonMatch; target: Target }[] {
  const lowered = lower(text);
  return patterns
    .flatMap(({ pattern, target }) => {
      // Cheap: most texts have none of the words that most patterns begin with.
      if (pattern.pattern.startsWith('(?i:') && !lowered.includes('answer')) return [];
      return Array.from(pattern.findIter(text), (match) => ({ match, target }));
    })
    .sort((a, b) => b.match.end() - a.match.end() || a.match.start() - b.match.start());
}

function readNumber(match: PythonMatch): { value: MathValue | undefined; text: string } {
  const groups = match.groupDict();
  const first = (name: string): string =>
    Object.entries(groups).find(
      ([key, value]) => key.startsWith(name) && value !== undefined && value !== '',
    )?.[1] ?? '';
  const [integer, decimal] = [first('integer'), first('decimal')];
  if (integer === '' && decimal === '') {
    // Digits and operators are read as Python reads them: not here.
    throw new NotOurs('an expression without LaTeX');
  }
  const whole = integer.replaceAll(/[, ]/g, '').replace(/^0+/, '');
  const text = (whole === '' ? '0' : whole) + decimal.replaceAll(',', '.');
  const value = convertNumber(text);
  return { value: groups['percent'] === undefined ? value : percentOf(value), text };
}

/** The environments of a match, each with its name: `first_latexBoxed` and so on. */
function environmentsOf(match: PythonMatch): { name: string; latex: string }[] {
  const groups = Object.entries(match.groupDict());
  return ['first', 'next1', 'next2', 'next3', 'next4', 'next5'].flatMap((prefix) => {
    const found = groups.find(([name, latex]) => name.startsWith(`${prefix}_latex`) && latex);
    return found === undefined ? [] : [{ name: found[0], latex: found[1]! }];
  });
}

function readLatexMatch(match: PythonMatch): { value: MathValue | undefined; text: string } {
  const groups = match.groupDict();
  const texts: string[] = [];
  const values: (MathValue | undefined)[] = [];
  for (const { name, latex } of environmentsOf(match)) {
    const [prefix = '', kind] = name.split('_');
    const text = normalizeLatex(latex, kind === 'latexBoxed' ? 'last' : 'all');
    texts.push(text);
    const value = readOrNothing(text);
    const isPercent = groups[`${prefix}_percent`] !== undefined;
    values.push(value === undefined || !isPercent ? value : percentOf(value));
  }
  if (values.length === 0) return { value: undefined, text: '' };
  if (values.length > 1 && values.every((value) => value !== undefined)) {
    const args = values.flatMap((value) => (value.kind === 'set' ? sortedElements(value) : [value]));
    return { value: { kind: 'set', args }, text: texts.join(' and ') };
  }
  return { value: values[0], text: texts[0]! };
}

function sortedElements(set: MathValue & { kind: 'set' }): readonly MathValue[] {
  return set.args;
}

/** Equations, without those that are an inequality. */
const EQUALS = /(?<![\\<!>])=/;

function readOrNothing(latex: string): MathValue | undefined {
  try {
    return readLatex(latex);
  } catch (error) {
    if (!(error instanceof NoReading)) throw error;
  }
  // Of a chain of equations the last.
  const parts = /[,;]/.test(latex) ? [] : latex.split(EQUALS);
  if (parts.length <= 2) return undefined;
  try {
    return readLatex(parts.at(-1)!);
  } catch (error) {
    if (error instanceof NoReading) return undefined;
    throw error;
  }
}
