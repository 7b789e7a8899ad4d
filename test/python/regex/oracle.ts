import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PythonFlags } from '../../../src/python/index.js';
import { compilePattern, PythonRegexError, RegexBudgetError } from '../../../src/python/index.js';
import type { PythonMatch } from '../../../src/python/index.js';

export interface Case {
  pattern: string;
  /** Letters of `imsxa`. */
  flags: string;
  text: string;
  /** For `sub`. */
  template: string;
  /** For `split`. */
  most: number;
}

type Spans = [start: number, end: number][];

/** What a case gives: in code points, as Python counts. */
export interface Answer {
  refused?: string | null;
  /** More steps or time than it is worth. */
  tooLong?: boolean;
  /** CPython found its own marks to be wrong. */
  bug?: string;
  match?: Spans | null;
  full?: Spans | null;
  all?: Spans[];
  split?: (string | null)[];
  sub?: string | { refused: string };
}

export interface Python {
  version: readonly [major: number, minor: number, patch: number];
  answers: Answer[];
}

/** The Python that is asked: NGYM_PYTHON, or the machine's. */
const PYTHON = process.env['NGYM_PYTHON'] ?? 'python3';
const SCRIPT = readFileSync(path.resolve(import.meta.dirname, 'oracle.py'), 'utf8');

/** Undefined where there is no Python that knows possessive quantifiers (3.11). */
export function askPython(cases: readonly Case[]): Python | undefined {
  const { stdout, status, stderr } = spawnSync(PYTHON, ['-c', SCRIPT], {
    input: cases.map((one) => JSON.stringify(one)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status === null) return undefined;
  if (status !== 0) throw new Error(stderr);
  const [first, ...rest] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const version = (first as { python: Python['version'] }).python;
  if (version[1] < 11) return undefined;
  return { version, answers: rest as Answer[] };
}

const BUDGET = 3_000_000;

/** What our matcher makes of a case. */
export function ourAnswer({ pattern, flags, text, template, most }: Case): Answer {
  try {
    const regex = compilePattern(pattern, flagsOf(flags));
    const options = { budget: BUDGET };
    const spans = (match: PythonMatch | undefined): Spans | null =>
      match === undefined ? null : spansOf(match, regex.groups, text);
    const split = regex.split(text, { ...options, maxSplit: most });
    return {
      match: spans(regex.match(text, options)),
      full: spans(regex.fullMatch(text, options)),
      all: Array.from(regex.findIter(text, options), (match) => spansOf(match, regex.groups, text)),
      split: split.map((part) => part ?? null),
      sub: refusable(() => regex.sub(template, text, options)),
    };
  } catch (error) {
    if (error instanceof PythonRegexError) return { refused: error.problem };
    if (error instanceof RegexBudgetError) return { tooLong: true };
    throw error;
  }
}

function refusable(run: () => string): string | { refused: string } {
  try {
    return run();
  } catch (error) {
    if (error instanceof PythonRegexError) return { refused: error.problem };
    throw error;
  }
}

function flagsOf(letters: string): PythonFlags {
  return {
    ignoreCase: letters.includes('i'),
    multiline: letters.includes('m'),
    dotAll: letters.includes('s'),
    verbose: letters.includes('x'),
    ascii: letters.includes('a'),
  };
}

function spansOf(match: PythonMatch, groups: number, text: string): Spans {
  const points = (offset: number): number => (offset === -1 ? -1 : Array.from(text.slice(0, offset)).length);
  return Array.from({ length: groups + 1 }, (_, group) => [
    points(match.start(group)),
    points(match.end(group)),
  ]);
}

/** What differs between the two answers, as text; undefined when nothing does. */
export function difference(ours: Answer, pythons: Answer, withMessages: boolean): string | undefined {
  const [one, two] = [comparable(ours, withMessages, pythons), comparable(pythons, withMessages, pythons)];
  return one === two ? undefined : `ours   ${one}\npython ${two}`;
}

function comparable(answer: Answer, withMessages: boolean, pythons: Answer): string {
  if (answer.refused !== undefined) {
    // Overflows and kin have no message of `re` in Python.
    return withMessages && pythons.refused !== null ? `refused: ${answer.refused}` : 'refused';
  }
  const { match, full, all, split, sub } = answer;
  const replaced = typeof sub === 'object' && !withMessages ? 'refused' : sub;
  return JSON.stringify({ match, full, all, split, sub: replaced });
}
