import { NO_CHARACTER, SPACE } from './xml-cursor.js';
import { XmlProlog } from './xml-prolog.js';

/** What an XML text says, in order. Texts have their entities and line ends resolved. */
export interface XmlEvents {
  open(name: string, attributes: [string, string][]): void;
  text(text: string): void;
  close(): void;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads a document as Expat 2 does (without namespaces), which Python's `xml.parsers.expat` wraps: what is wrong is said
 * in its words, with its line and its column (from 0, in code points). Of a document type only the end is looked for.
 */
export function readXml(source: string, events: XmlEvents): void {
  new Reader(source, events).document();
}

class Reader extends XmlProlog {
  private readonly open: string[] = [];
  constructor(
    source: string,
    private readonly events: XmlEvents,
  ) {
    super(source);
  }

  document(): void {
    while (!this.outside('syntax error')) if (this.ended()) this.fail('no element found', this.at);
    this.tag();
    while (this.open.length > 0) this.content();
    while (!this.ended())
      if (this.outside('junk after document element')) this.fail('junk after document element');
  }

  private content(): void {
    this.start = this.at;
    // The last carriage return is not counted: half of a line end may still come.
    if (this.ended()) this.fail('no element found', this.source.replace(/\r$/, '').length);
    const char = this.char();
    if (char === '&') this.events.text(this.reference());
    else if (char !== '<') this.data();
    else {
      this.at += 1;
      const second = this.char();
      if (second === '/') this.endTag();
      else if (second === '?') this.instruction();
      else if (second === '!') this.marked();
      else {
        this.at = this.start;
        this.tag();
      }
    }
  }

  private data(): void {
    const end = /[<&]|\]\]>/g;
    end.lastIndex = this.at;
    const found = end.exec(this.source);
    const to = found?.index ?? this.source.length;
    const text = this.source.slice(this.at, to);
    const bad = NO_CHARACTER.exec(text);
    if (bad !== null) this.invalid(this.at + bad.index);
    if (found?.[0] === ']]>') this.invalid(to + 2);
    this.at = to;
    this.events.text(text.replace(/\r\n?/g, '\n'));
  }

  /** `<!…` inside of an element: a comment, or a section of text as it stands. */
  private marked(): void {
    this.at += 1;
    if (this.char() === '-') {
      this.comment();
      return;
    }
    if (this.char() === '[' && Buffer.byteLength(this.source.slice(this.at)) < 7) this.fail('unclosed token');
    for (const wanted of '[CDATA[') {
      if (this.char() !== wanted) this.invalid();
      this.at += 1;
    }
    const end = this.source.indexOf(']]>', this.at);
    const text = this.source.slice(this.at, end < 0 ? undefined : end);
    const bad = NO_CHARACTER.exec(text);
    if (bad !== null) this.invalid(this.at + bad.index);
    if (end < 0) this.fail('unclosed CDATA section', this.at + text.replace(/\]{1,2}$/, '').length);
    this.at = end + 3;
    this.events.text(text.replace(/\r\n?/g, '\n'));
  }

  private endTag(): void {
    this.at += 1;
    const name = this.name();
    while (SPACE.test(this.char())) this.at += 1;
    this.next(/>/);
    if (this.open.pop() !== name) this.fail('mismatched tag', this.start + 2);
    this.events.close();
  }

  private tag(): void {
    this.start = this.at;
    this.at += 1;
    const name = this.name();
    const attributes: { name: string; at: number; from: number; to: number }[] = [];
    for (;;) {
      const spaced = SPACE.test(this.char());
      while (SPACE.test(this.char())) this.at += 1;
      if (/[>/]/.test(this.char())) break;
      if (!spaced) this.invalid();
      attributes.push(this.attribute());
    }
    const isEmpty = this.char() === '/';
    if (isEmpty) this.at += 1;
    this.next(/>/);
    const end = this.at;
    const seen = new Set<string>();
    const values = attributes.map((one): [string, string] => {
      if (seen.has(one.name)) this.fail('duplicate attribute', one.at);
      seen.add(one.name);
      return [one.name, this.value(one.from, one.to)];
    });
    this.at = end;
    this.events.open(name, values);
    if (isEmpty) this.events.close();
    else this.open.push(name);
  }

  /** Where the name and the value of an attribute stand. */
  private attribute(): { name: string; at: number; from: number; to: number } {
    const at = this.at;
    const name = this.name();
    while (SPACE.test(this.char())) this.at += 1;
    this.next(/=/);
    while (SPACE.test(this.char())) this.at += 1;
    const quote = this.next(/["']/);
    const from = this.at;
    while (this.char() !== quote) {
      if (this.char() === '<') this.invalid();
      if (this.char() === '&') this.scanReference();
      else this.at += this.char().length;
    }
    const to = this.at;
    this.at += 1;
    return { name, at, from, to };
  }

  private value(from: number, to: number): string {
    let value = '';
    this.at = from;
    while (this.at < to) {
      if (this.source[this.at] === '&') value += this.reference();
      else {
        const line = this.source.startsWith('\r\n', this.at);
        const char = this.char();
        this.at += line ? 2 : char.length;
        value += SPACE.test(char) ? ' ' : char;
      }
    }
    return value;
  }

  /** The text between `&` and `;`. */
  private scanReference(): string {
    this.at += 1;
    const from = this.at;
    if (this.char() === '#') {
      this.at += 1;
      const isHex = this.char() === 'x';
      if (isHex) this.at += 1;
      const digit = isHex ? /[0-9A-Fa-f]/ : /[0-9]/;
      this.next(digit);
      while (digit.test(this.char())) this.at += 1;
    } else this.name();
    const said = this.source.slice(from, this.at);
    this.next(/;/);
    return said;
  }

  private reference(): string {
    const { at } = this;
    const said = this.scanReference();
    if (!said.startsWith('#')) return ENTITIES[said] ?? this.fail('undefined entity');
    const code = said[1] === 'x' ? Number.parseInt(said.slice(2), 16) : Number(said.slice(1));
    const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (!isCharacter || NO_CHARACTER.test(String.fromCodePoint(code)))
      this.fail('reference to invalid character number', at);
    return String.fromCodePoint(code);
  }
}
