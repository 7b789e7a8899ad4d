import { NotParsed } from './not-parsed.js';

export const START = /[\p{L}\p{Nl}_:]/u;
export const SPACE = /[ \t\r\n]/;
export const NAME = /[\p{L}\p{M}\p{Nl}\p{Nd}\p{Pc}·:._-]/u;
/** What XML has no place for: control characters, and the two that are no characters. */
export const NO_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** A place in an XML text, and what is said of it in Expat's words when it cannot be read. */
export class XmlCursor {
  protected at: number;
  /** Where the token begins that is read. */
  protected start = 0;

  constructor(protected readonly source: string) {
    this.at = source.startsWith('\ufeff') ? 1 : 0;
  }

  protected ended(): boolean {
    return this.at >= this.source.length;
  }

  protected fail(what: string, at = this.start): never {
    const lines = this.source.slice(0, at).split(/\r\n|\r|\n/);
    const column = Array.from(lines.at(-1)!).length;
    throw new NotParsed(`ExpatError: ${what}: line ${lines.length}, column ${column}`);
  }

  /** The character here; a token that ends with the text is no token. */
  protected char(): string {
    if (this.ended()) this.fail('unclosed token');
    const char = String.fromCodePoint(this.source.codePointAt(this.at)!);
    if (NO_CHARACTER.test(char)) this.invalid();
    return char;
  }

  protected invalid(at = this.at): never {
    this.fail('not well-formed (invalid token)', at);
  }

  protected next(wanted: RegExp): string {
    const char = this.char();
    if (!wanted.test(char)) this.invalid();
    this.at += char.length;
    return char;
  }

  protected skip(what: RegExp): void {
    while (!this.ended() && what.test(this.char())) this.at += this.char().length;
  }

  protected name(): string {
    const from = this.at;
    this.next(START);
    while (NAME.test(this.char())) this.at += this.char().length;
    return this.source.slice(from, this.at);
  }
}
