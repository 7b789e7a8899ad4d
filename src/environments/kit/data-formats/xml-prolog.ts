import { NAME, SPACE, START, XmlCursor } from './xml-cursor.js';

const DECLARED = /[A-Za-z_:]/;
/** What ends a bare word before or after the document's element, and what may follow a text in quotes there. */
const WORD_ENDS = /[>),|[% \t\r\n?*+]/;
const POUND_ENDS = /[>)%| \t\r\n]/;
const LITERAL_ENDS = /[>%[ \t\r\n]/;

/** The tokens that stand before and after a document's element, and those that may stand anywhere. */
export class XmlProlog extends XmlCursor {
  /** The document's type was read. */
  private typed = false;

  /** One token before or after the document's element. True, and nothing read, where an element begins. */
  protected outside(otherwise: string): boolean {
    if (this.ended()) return false;
    this.start = this.at;
    const char = this.char();
    if (SPACE.test(char)) this.skip(SPACE);
    else if (char === '<') {
      this.at += 1;
      const second = this.char();
      // Beyond ASCII, Expat looks no closer here.
      if (START.test(second) || second > '\x7f') {
        this.at = this.start;
        return true;
      }
      if (second === '?') this.instruction(otherwise);
      else if (second === '!') this.declaration(otherwise);
      else this.invalid();
    } else this.word(char, otherwise);
    return false;
  }

  /** A token that has its place in a document type only. */
  private word(char: string, otherwise: string): never {
    if (char === '"' || char === "'") {
      this.at += 1;
      while (this.char() !== char) this.at += this.char().length;
      this.at += 1;
      if (!this.ended() && !LITERAL_ENDS.test(this.char())) this.invalid();
    } else if (NAME.test(char)) {
      const bare = START.test(char);
      this.skip(NAME);
      if (!this.ended() && !WORD_ENDS.test(this.char())) this.invalid();
      if (!this.ended() && !bare && /[?*+]/.test(this.char())) this.invalid();
    } else if (char === '#' || char === '%') {
      this.at += 1;
      if (char === '#' || !/[% \t\r\n]/.test(this.char())) {
        this.next(START);
        this.skip(NAME);
        if (char === '%' && !this.ended() && this.char() === ';' && otherwise === 'syntax error')
          this.fail('illegal parameter entity reference');
        if (char === '%' ? this.char() !== ';' : !this.ended() && !POUND_ENDS.test(this.char()))
          this.invalid();
      }
    } else if (char === ')') {
      this.at += 1;
      if (!this.ended() && !/[*?+,|)> \t\r\n]/.test(this.char())) this.invalid();
    } else if (!/[,[\](|>]/.test(char)) this.invalid();
    if (this.source.slice(this.start) === ']]') this.fail('unclosed token');
    this.fail(otherwise);
  }

  /** `<!…` outside of the document's element: a comment, or the document's type. */
  private declaration(otherwise: string): void {
    this.at += 1;
    if (this.char() === '-') {
      this.comment();
      return;
    }
    if (this.char() === '[') this.fail(otherwise);
    const from = this.at;
    this.next(DECLARED);
    this.skip(DECLARED);
    if (this.source.slice(this.at) === '%') this.fail('unclosed token');
    if (this.char() === '%' ? /[% \t\r\n]/.test(this.source[this.at + 1]!) : !SPACE.test(this.char()))
      this.invalid();
    const word = this.source.slice(from, this.at);
    if (word !== 'DOCTYPE' || otherwise !== 'syntax error' || this.typed) this.fail(otherwise);
    this.typed = true;
    const end = /^[^[>]*(?:\[[^\]]*\]\s*)?>/.exec(this.source.slice(this.at));
    if (end === null) this.fail('unclosed token');
    this.at += end[0].length;
  }

  /** From the first hyphen of `<!--`. */
  protected comment(): void {
    this.at += 1;
    this.next(/-/);
    for (;;) {
      while (this.char() !== '-') this.at += this.char().length;
      this.at += 1;
      if (this.char() === '-') break;
    }
    this.at += 1;
    this.next(/>/);
  }

  /** From the question mark of `<?`. */
  protected instruction(misplaced = 'syntax error'): void {
    this.at += 1;
    const from = this.at;
    const target = this.name();
    const isXml = target.toLowerCase() === 'xml';
    if (isXml && target !== 'xml') this.invalid();
    if (this.char() !== '?' && !SPACE.test(this.char())) this.invalid();
    const body = this.at;
    for (;;) {
      while (this.char() !== '?') this.at += this.char().length;
      this.at += 1;
      if (this.char() === '>') break;
      if (body + 1 === this.at) this.invalid();
    }
    if (isXml) {
      if (misplaced !== 'syntax error') this.fail(misplaced);
      if (from !== 2) this.fail('XML or text declaration not at start of entity');
      const said = this.source.slice(body, this.at - 1);
      const form =
        /^\s+version\s*=\s*(["'])[\w.:-]+\1(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*$/;
      if (!form.test(said)) this.fail('XML declaration not well-formed', body + /^\s*/.exec(said)![0].length);
    }
    this.at += 1;
  }
}
