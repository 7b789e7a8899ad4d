import { CallFailure } from '../../protocol/index.js';
import { findAll, isLetter, pythonRegex, PythonRegexError, strip, withinTime } from '../../python/index.js';
import type { PythonRegex } from '../../python/index.js';
import { asLatinLetters } from './letters.js';
import { letterOfText } from './options.js';
import type { Options } from './options.js';

/** How long one pattern may look at one reply; a pattern that needs more backtracks without end. */
const PATTERN_MS = 1000;
/** Datasets use a few dozen templates; more than this many patterns at once are compiled again. */
const CACHE_SIZE = 256;

const compiled = new Map<string, PythonRegex>();

/** Compiles the patterns of a row. A pattern that cannot give one answer makes the row invalid, before any model call. */
export function compilePatterns(patterns: readonly string[]): PythonRegex[] {
  return patterns.map((pattern) => {
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    const regex = compile(pattern);
    if (compiled.size >= CACHE_SIZE) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  });
}

function compile(pattern: string): PythonRegex {
  const invalid = (problem: string, cause?: unknown): CallFailure =>
    new CallFailure('row_invalid', `template_metadata.output_regex: ${problem}`, { cause });
  try {
    const regex = pythonRegex(pattern, { ignoreCase: true });
    if (regex.groups <= 1) return regex;
  } catch (error) {
    if (error instanceof PythonRegexError) throw invalid(error.message, error);
    throw error;
  }
  throw invalid(
    `Regular expression ${JSON.stringify(pattern)} has several groups, so it is not clear which is the answer; write the others as (?:…).`,
  );
}

/** The answer that the first fitting pattern finds; each looks at its last match. */
export function answerByPattern(
  patterns: readonly PythonRegex[],
  text: string,
  options: Options,
): string | null {
  for (const pattern of patterns) {
    const matches = withinTime(PATTERN_MS, () => findAll(pattern, text));
    if (matches === undefined) {
      throw new CallFailure(
        'verify_timeout',
        `template_metadata.output_regex took longer than ${PATTERN_MS} ms on this reply; simplify the pattern.`,
      );
    }
    const last = matches.at(-1);
    const answer = last === undefined ? null : readMatch(last, options);
    if (answer !== null) return answer;
  }
  return null;
}

/** One letter is the answer, allowed or not; anything else must be the text of an option. */
function readMatch(match: string, options: Options): string | null {
  const answer = strip(asLatinLetters(match)).toUpperCase();
  return isLetter(answer) ? answer : letterOfText(options, answer);
}
