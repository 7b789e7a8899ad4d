/** Reports a syntax error at a column (from 0) of the text; never returns. */
export type Fail = (column: number, problem: string, fix: string) => never;

/** Deeper than anything that a person wrote, far from the end of the stack. */
const MAX_DEPTH = 200;

/** A place in a text being parsed. */
export class Cursor {
  position = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly failAt: Fail,
  ) {}

  get done(): boolean {
    return this.position >= this.text.length;
  }

  peek(offset = 0): string {
    return this.text.charAt(this.position + offset);
  }

  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.position);
  }

  /** Consumes the text if it comes next. */
  take(expected: string): boolean {
    if (!this.startsWith(expected)) return false;
    this.position += expected.length;
    return true;
  }

  /** Consumes and returns what the sticky expression matches here, or an empty string. */
  match(sticky: RegExp): string {
    sticky.lastIndex = this.position;
    const found = sticky.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  skipSpace(): void {
    this.match(/[ \t]*/y);
  }

  /** Reads what is nested in something else; too deep a nesting fails here and not by the end of the stack. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      this.fail(`more than ${MAX_DEPTH} levels are nested here`, 'Put the value into a file, or flatten it.');
    }
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  fail(problem: string, fix: string): never {
    return this.failAt(this.position, problem, fix);
  }
}
