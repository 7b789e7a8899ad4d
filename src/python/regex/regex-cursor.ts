import { PythonRegexError } from './regex-error.js';

/** Reads a pattern code point by code point. */
export class Cursor {
  readonly #input: readonly string[];
  #at = 0;

  constructor(readonly pattern: string) {
    this.#input = Array.from(pattern);
  }

  get done(): boolean {
    return this.#at >= this.#input.length;
  }

  /** The character `offset` places ahead, without taking it. */
  peek(offset = 0): string | undefined {
    return this.#input[this.#at + offset];
  }

  next(): string {
    const character = this.peek();
    if (character === undefined) throw this.error('it ends too early');
    this.#at += 1;
    return character;
  }

  /** Takes what `expression` (anchored at its start) finds within the next `length` characters. */
  take(expression: RegExp, length: number): RegExpExecArray | null {
    const found = expression.exec(this.#input.slice(this.#at, this.#at + length).join(''));
    if (found !== null) this.#at += Array.from(found[0]).length;
    return found;
  }

  error(problem: string): PythonRegexError {
    return new PythonRegexError(this.pattern, problem);
  }
}
