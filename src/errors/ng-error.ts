/** Where a user's mistake is. All parts are optional; they are printed as `file:line:key`. */
export interface Where {
  file?: string;
  line?: number;
  column?: number;
  key?: string;
}

/**
 * A mistake of the user's: one message that says what, where and how to fix it; exit code 2; no stack trace.
 * Made only by the functions of the catalogue. Anything else that is thrown is a bug and keeps its stack.
 */
export class NgError extends Error {
  override readonly name = 'NgError';

  constructor(
    /** Stable identifier, e.g. `CONFIG_FILE_NOT_FOUND`. */
    readonly code: string,
    message: string,
    /** What to do about it, in one or a few lines. */
    readonly hint: string,
    readonly where: Where = {},
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
  }

  /** `file:line:key` with the parts that are known, or an empty string. */
  location(): string {
    const { file, line, column, key } = this.where;
    return [file, line, line === undefined ? undefined : column, key]
      .filter((part) => part !== undefined)
      .join(':');
  }

  /** The whole text a user sees. */
  override toString(): string {
    const location = this.location();
    return `${this.message}${location === '' ? '' : `\n  at ${location}`}\n  fix: ${this.hint}`;
  }
}
