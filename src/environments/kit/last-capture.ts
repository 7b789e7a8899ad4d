import { compilePattern, PythonRegexError, strip } from '../../python/index.js';
import type { PythonRegex } from '../../python/index.js';

/** Patterns come from datasets, a few dozen to a run; null = no regular expression at all. */
const compiled = new Map<string, PythonRegex | null>();
const MOST = 256;

function compile(pattern: string): PythonRegex | null {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= MOST) compiled.clear();
  let made: PythonRegex | null = null;
  try {
    made = compilePattern(pattern, { multiline: true, dotAll: true });
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
  }
  compiled.set(pattern, made);
  return made;
}

/**
 * What the last match of a pattern (multi-line, `.` matches line ends) captures: its first group that is not blank, else
 * all of it, without white space around. The whole text where the pattern matches nothing or is none.
 */
export function lastCapture(pattern: string, text: string): string {
  const match = Array.from(compile(pattern)?.findIter(text) ?? []).at(-1);
  if (match === undefined) return text;
  const captured = match.groups().find((group) => group !== undefined && strip(group) !== '');
  return strip(captured ?? match.group()!);
}
