import type { Case } from './oracle.js';

/** A random number generator with a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COMMON = ['a', 'b', 'c', 'a', 'b'];
/** Cases that fold oddly, astral characters, a lone surrogate, white space, digits. All older than Unicode 14. */
const ODD = [
  ...['A', 'B', 'k', 'K', '\u212a', 's', 'S', 'ſ', 'i', 'I', 'ı', 'İ', 'ß', 'ẞ', 'µ', 'μ', 'Σ', 'ς', 'σ'],
  ...['1', '٣', '²', '_', ' ', '\t', '\n', '\r', '\u001c', '\u00a0', '-', '#', '😀', 'é', '中', '\ud83d'],
  ...['\ufb05', '\ufb06', '\u0345', 'ι', '\u1fbe', 'ǅ', 'ǆ', '𐐀', '𐐨', '\u1c80', 'в', 'Ⅷ', 'ⅷ', 'ᾀ', 'ᾈ'],
];
const ESCAPES = [
  ...[String.raw`\w`, String.raw`\d`, String.raw`\s`, String.raw`\W`, String.raw`\D`, String.raw`\S`],
  ...[
    String.raw`\n`,
    String.raw`\x61`,
    String.raw`\u0062`,
    String.raw`\U0001F600`,
    String.raw`\.`,
    String.raw`\141`,
  ],
];
const PLACES = ['^', '$', String.raw`\b`, String.raw`\B`, String.raw`\A`, String.raw`\Z`];
const COUNTS = ['*', '+', '?', '*', '+', '?', '{2}', '{1,2}', '{0,1}', '{2,}', '{,2}', '{0}', '{1}', '{,}'];
const MUTATIONS = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '*',
    '+',
    '?',
    '|',
    '\\',
    '^',
    '$',
    '-',
    ',',
    '<',
    '>',
    '=',
    '!',
    ':',
    'P',
    '#',
  ],
  ...[
    '1',
    '2',
    '9',
    '0',
    'i',
    'a',
    'u',
    'L',
    'x',
    'q',
    'g',
    '(?',
    '(?P<',
    '(?P=',
    '(?(',
    '(?<=',
    '(?i)',
    '\\1',
    '\\g',
  ],
  ...[
    '\\08',
    '\\400',
    '\\777',
    '{2,1}',
    '{99999999999}',
    '[z-a]',
    '[\\s-a]',
    '\\u12',
    '\\x1',
    '(?P<n>',
    '(?-',
    '\n',
  ],
];

/** Random patterns with texts on which they have something to find. */
export class Grammar {
  #groups = 0;
  #closed: number[] = [];
  #names: string[] = [];
  /** Two letters and many groups: what groups hold after backtracking shows. */
  #dense = false;

  constructor(readonly random: () => number) {}

  next(): Case {
    this.#groups = 0;
    this.#closed = [];
    this.#names = [];
    this.#dense = this.#chance(0.3);
    let pattern = this.#alternatives(3);
    if (this.#chance(0.04))
      pattern = `${this.#pick(['(?i)', '(?m)', '(?s)', '(?a)', '(?x)', '(?im)'])}${pattern}`;
    if (this.#chance(0.12)) pattern = this.#mutated(pattern);
    const flags = Array.from('imsxa').filter((flag) => this.#chance(flag === 'i' ? 0.3 : 0.12));
    const text = this.#text();
    return { pattern, flags: flags.join(''), text, template: this.#template(), most: this.#below(3) };
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  #chance(share: number): boolean {
    return this.random() < share;
  }

  #pick(from: readonly string[]): string {
    return from[this.#below(from.length)]!;
  }

  #character(): string {
    if (this.#dense) return this.#pick(['a', 'b']);
    return this.#chance(0.75) ? this.#pick(COMMON) : this.#pick(ODD);
  }

  #text(): string {
    const odd = this.#dense || this.#chance(0.4);
    const characters = Array.from({ length: this.#below(this.#dense ? 9 : 14) }, () =>
      odd ? this.#character() : this.#pick(COMMON),
    );
    return characters.join('');
  }

  #template(): string {
    return this.#pick([
      '-',
      '<\\g<0>>',
      '\\1',
      '\\g<1>\\2',
      '\\n',
      '\\g<n0>',
      '\\\\',
      '\\101',
      '\\0',
      '\\q',
      '\\g<',
      '😀',
    ]);
  }

  #mutated(pattern: string): string {
    const characters = Array.from(pattern);
    for (let times = 1 + this.#below(2); times > 0; times--) {
      const at = this.#below(characters.length + 1);
      if (this.#chance(0.4)) characters.splice(at, 1);
      else characters.splice(at, 0, this.#pick(MUTATIONS));
    }
    return characters.join('');
  }

  #alternatives(depth: number): string {
    const count = this.#chance(0.7) ? 1 : 2 + this.#below(2);
    return Array.from({ length: count }, () => this.#sequence(depth)).join('|');
  }

  #sequence(depth: number): string {
    return Array.from({ length: this.#below(4) + (this.#chance(0.1) ? 0 : 1) }, () =>
      this.#piece(depth),
    ).join('');
  }

  #piece(depth: number): string {
    if (this.#chance(0.08)) return this.#pick(PLACES);
    const atom = depth > 0 && this.#chance(this.#dense ? 0.65 : 0.45) ? this.#group(depth - 1) : this.#atom();
    if (!this.#chance(0.45)) return atom;
    return atom + this.#pick(COUNTS) + this.#pick(['', '', '', '?', '?', '+']);
  }

  #atom(): string {
    const kind = this.random();
    if (kind < 0.55) return this.#literal();
    if (kind < 0.65) return '.';
    if (kind < 0.75) return this.#pick(ESCAPES);
    if (kind < 0.88) return this.#set();
    return this.#reference();
  }

  #literal(): string {
    const character = this.#character();
    return /[#\s-]/.test(character) && this.#chance(0.7) ? `\\${character}` : character;
  }

  #set(): string {
    const members = Array.from({ length: 1 + this.#below(3) }, () => {
      const kind = this.random();
      if (kind < 0.6) return this.#character().replace('-', '\\-');
      if (kind < 0.8)
        return this.#pick(['a-c', 'A-Z', 'i-s', 'à-ʯ', 'Z-𐐐', '😀-😂', '0-9', 'Α-ϖ', '𐐀-𐐓', '\\x00-\\x7f']);
      return this.#pick(ESCAPES);
    });
    return `[${this.#chance(0.3) ? '^' : ''}${members.join('')}]`;
  }

  #reference(): string {
    if (this.#closed.length === 0) return this.#literal();
    const group = this.#closed[this.#below(this.#closed.length)]!;
    if (this.#names.length > 0 && this.#chance(0.3)) return `(?P=${this.#pick(this.#names)})`;
    return `\\${group}${this.#chance(0.02) ? '' : '(?:)'}`;
  }

  #group(depth: number): string {
    const kind = this.random();
    if (kind < 0.5) return this.#capture(depth);
    const inner = (): string => this.#alternatives(depth);
    if (kind < 0.65) return `(?:${inner()})`;
    if (kind < 0.71) return `(?>${inner()})`;
    if (kind < 0.78) return `(?=${inner()})`;
    if (kind < 0.84) return `(?!${inner()})`;
    if (kind < 0.91) return `(?<${this.#pick(['=', '!'])}${this.#chance(0.7) ? this.#fixed() : inner()})`;
    if (kind < 0.95)
      return `(?${this.#pick(['i', 's', 'm', '-i', 'i-s', 'a', 'u', 'x', '-x', 'ims'])}:${inner()})`;
    return this.#conditional(depth);
  }

  #capture(depth: number): string {
    this.#groups += 1;
    const group = this.#groups;
    const name = this.#chance(0.15) ? `n${group - 1}` : undefined;
    const inner = this.#alternatives(depth);
    this.#closed.push(group);
    if (name === undefined) return `(${inner})`;
    this.#names.push(name);
    return `(?P<${name}>${inner})`;
  }

  #fixed(): string {
    const branch = (): string => Array.from({ length: this.#below(3) }, () => this.#atom()).join('');
    return this.#chance(0.8) ? branch() : `(?:${this.#literal()}|${this.#set()})`;
  }

  #conditional(depth: number): string {
    const group = 1 + this.#below(Math.max(1, this.#groups + (this.#chance(0.1) ? 1 : 0)));
    const no = this.#chance(0.6) ? `|${this.#sequence(depth)}` : '';
    return `(?(${group})${this.#sequence(depth)}${no})`;
  }
}
