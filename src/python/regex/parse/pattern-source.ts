import { pythonRepr } from '../../format/python-repr.js';
import { codePointSet } from '../../unicode/properties.js';
import { PythonRegexError } from '../regex-error.js';

/** Reads a pattern token by token: a token is a character, or a backslash with the character after it. */
export class PatternSource {
  readonly #characters: readonly string[];
  #index = 0;
  /** The token ahead; undefined at the end. */
  next: string | undefined;

  constructor(readonly pattern: string) {
    this.#characters = Array.from(pattern);
    this.#advance();
  }

  #advance(): void {
    const character = this.#characters[this.#index];
    this.next = character;
    if (character === undefined) return;
    this.#index += 1;
    if (character !== '\\') return;
    const escaped = this.#characters[this.#index];
    if (escaped === undefined) throw this.errorAt('bad escape (end of pattern)', this.#characters.length - 1);
    this.next = character + escaped;
    this.#index += 1;
  }

  /** Position of the token ahead, in code points. */
  get position(): number {
    return this.#index - Array.from(this.next ?? '').length;
  }

  seek(position: number): void {
    this.#index = position;
    this.#advance();
  }

  take(): string | undefined {
    const token = this.next;
    this.#advance();
    return token;
  }

  /** Takes the token ahead when it is this one. */
  accept(token: string): boolean {
    if (this.next !== token) return false;
    this.#advance();
    return true;
  }

  /** Takes at most `most` characters for which the expression holds. */
  takeWhile(most: number, expected: RegExp): string {
    let taken = '';
    for (let n = 0; n < most && this.next !== undefined && expected.test(this.next); n++)
      taken += this.take()!;
    return taken;
  }

  /** Everything up to the terminator, which is taken too. `what` names it in errors. */
  takeUntil(terminator: string, what: string): string {
    let taken = '';
    for (;;) {
      const token = this.take();
      if (token === undefined) {
        if (taken === '') throw this.error(`missing ${what}`);
        throw this.error(`missing ${terminator}, unterminated name`, length(taken));
      }
      if (token === terminator) {
        if (taken === '') throw this.error(`missing ${what}`, 1);
        return taken;
      }
      taken += token;
    }
  }

  /** A name up to the terminator that may stand as one. */
  takeName(terminator: string): string {
    const name = this.takeUntil(terminator, 'group name');
    this.checkName(name);
    return name;
  }

  checkName(name: string): void {
    const [first = '', ...rest] = Array.from(name);
    const part = codePointSet('identifierPart');
    if (codePointSet('identifierStart').has(first.codePointAt(0)!)) {
      if (rest.every((character) => part.has(character.codePointAt(0)!))) return;
    }
    throw this.error(`bad character in group name ${pythonRepr(name)}`, length(name) + 1);
  }

  /** An error `back` characters before the token ahead. */
  error(problem: string, back = 0): PythonRegexError {
    return this.errorAt(problem, this.position - back);
  }

  errorAt(problem: string, position: number, unsupported = false): PythonRegexError {
    let place = `at position ${position}`;
    if (this.pattern.includes('\n')) {
      const before = this.#characters.slice(0, position);
      const column = position - before.lastIndexOf('\n');
      place += ` (line ${before.filter((character) => character === '\n').length + 1}, column ${column})`;
    }
    return new PythonRegexError(this.pattern, `${problem} ${place}`, unsupported);
  }
}

/** Length in code points. */
export function length(text: string): number {
  return Array.from(text).length;
}
