import { CallFailure } from '../../protocol/index.js';
import { compilePattern, isLetter, PythonRegexError, RegexBudgetError, strip } from '../../python/index.js';
import type { PythonRegex } from '../../python/index.js';
import { asLatinLetters } from './letters.js';
import { letterOfText } from './options.js';
import type { Options } from './options.js';

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
    const regex = compilePattern(pattern, { ignoreCase: true });
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
    const matches = findMatches(pattern, text);
    const last = matches.at(-1);
    const answer = last === undefined ? null : readMatch(last, options);
    if (answer !== null) return answer;
  }
  return null;
}

function findMatches(pattern: PythonRegex, text: string): string[] {
  try {
    return pattern.findAll(text);
  } catch (error) {
    if (!(error instanceof RegexBudgetError)) throw error;
    const problem = `template_metadata.output_regex: ${error.message}; simplify the pattern.`;
    throw new CallFailure('verify_timeout', problem, { cause: error });
  }
}

/** One letter is the answer, allowed or not; anything else must be the text of an option. */
function readMatch(match: string, options: Options): string | null {
  const answer = strip(asLatinLetters(match)).toUpperCase();
  return isLetter(answer) ? answer : letterOfText(options, answer);
}
