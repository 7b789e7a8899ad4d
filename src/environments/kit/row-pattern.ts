import { CallFailure } from '../../protocol/index.js';
import { compilePattern, PythonRegexError, RegexBudgetError } from '../../python/index.js';
import type { PythonFlags, PythonRegex } from '../../python/index.js';

/** A pattern that a row gives: what is no regular expression makes the row invalid. `key` is its place in the row. */
export function rowPattern(pattern: string, key: string, flags?: PythonFlags): PythonRegex {
  try {
    return compilePattern(pattern, flags);
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new CallFailure('row_invalid', `${key}: ${error.message}`, { cause: error });
  }
}

/** Runs patterns that a row gives; one that needs too many steps fails the verification instead of holding it up. */
export function inBudget<Result>(key: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RegexBudgetError)) throw error;
    const problem = `${key}: ${error.message}; simplify the pattern.`;
    throw new CallFailure('verify_timeout', problem, { cause: error });
  }
}
