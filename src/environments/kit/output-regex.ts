import { CallFailure } from '../../protocol/index.js';
import {
  compilePattern,
  isLetter,
  PythonRegexError,
  RegexBudgetError,
  strip,
  upper,
} from '../../python/index.js';
import type { PythonRegex } from '../../python/index.js';
import { asLatinLetters } from './letters.js';
import { letterOfText } from './options.js';
import type { Options } from './options.js';

/** Datasets use a few dozen templates; more than this many patterns at once are compiled again. */
const CACHE_SIZE = 256;

/** null = no regular expression at all: as if it were not there. */
const compiled = new Map<string, PythonRegex | null>();

/**
 * Compiles the patterns of a row; those that Python refuses are left out, as the reference does. A pattern that may be
 * valid there and that we do not run makes the row invalid, before any model call.
 */
export function compilePatterns(patterns: readonly string[]): PythonRegex[] {
  const regexes = patterns.map((pattern) => {
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    const regex = compile(pattern);
    if (compiled.size >= CACHE_SIZE) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  });
  return regexes.filter((regex) => regex !== null);
}

function compile(pattern: string): PythonRegex | null {
  try {
    return compilePattern(pattern, { ignoreCase: true });
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    if (!error.unsupported) return null;
    const problem = `template_metadata.output_regex: ${error.message}`;
    throw new CallFailure('row_invalid', problem, { cause: error });
  }
}

/** The answer that the first fitting pattern finds; each looks at its last match. */
export function answerByPattern(
  patterns: readonly PythonRegex[],
  text: string,
  options: Options,
): string | null {
  for (const pattern of patterns) {
    const match = lastMatch(pattern, text);
    const answer = match === undefined ? null : readMatch(match, options);
    if (answer !== null) return answer;
  }
  return null;
}

function lastMatch(pattern: PythonRegex, text: string): string | undefined {
  try {
    if (pattern.groups <= 1) return pattern.findAll(text).at(-1);
    if (pattern.search(text) === undefined) return undefined;
  } catch (error) {
    if (!(error instanceof RegexBudgetError)) throw error;
    const problem = `template_metadata.output_regex: ${error.message}; simplify the pattern.`;
    throw new CallFailure('verify_timeout', problem, { cause: error });
  }
  throw new CallFailure(
    'row_invalid',
    `template_metadata.output_regex: Regular expression ${JSON.stringify(pattern.pattern)} has several groups, so it is not clear which is the answer; write the others as (?:…).`,
  );
}

/** One letter is the answer, allowed or not; anything else must be the text of an option. */
function readMatch(match: string, options: Options): string | null {
  const answer = upper(asLatinLetters(strip(match)));
  return isLetter(answer) ? answer : letterOfText(options, answer);
}
