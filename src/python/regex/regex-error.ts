/** A pattern or replacement that Python refuses, or that we do not run; the message names it and what is wrong with it. */
export class PythonRegexError extends Error {
  override readonly name = 'PythonRegexError';

  constructor(
    readonly pattern: string,
    /** In the words of Python's `re.error`. */
    readonly problem: string,
    /** Python may accept the pattern: it is we who do not run it. */
    readonly unsupported = false,
  ) {
    super(`Regular expression ${JSON.stringify(pattern)}: ${problem}`);
  }
}

/** A match that took more steps than it was given: the pattern backtracks without end on this text. */
export class RegexBudgetError extends Error {
  override readonly name = 'RegexBudgetError';

  constructor(
    readonly pattern: string,
    readonly budget: number,
  ) {
    super(`Regular expression ${JSON.stringify(pattern)} needs more than ${budget} steps on this text`);
  }
}
