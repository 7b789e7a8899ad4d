/** A pattern that we cannot run as Python would; the message names the pattern and what is wrong with it. */
export class PythonRegexError extends Error {
  constructor(
    readonly pattern: string,
    problem: string,
    options: ErrorOptions = {},
  ) {
    super(`Regular expression ${JSON.stringify(pattern)}: ${problem}`, options);
  }
}
