import { caseForms, classEscape, literal } from './regex-classes.js';
import { Cursor } from './regex-cursor.js';
import { escapedCodePoint, octal } from './regex-escapes.js';
import type { PythonFlags } from './regex.js';

type Flags = Required<PythonFlags>;

const FLAG_LETTERS: Readonly<Record<string, keyof Flags | null>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
  u: null,
};

export interface Translated {
  source: string;
  groups: number;
  /** The whole expression ignores case; parts that do so on their own are written out. */
  ignoreCase: boolean;
}

/** Reads a Python pattern from left to right and writes the same meaning for JavaScript's `v` flag. */
export function translatePattern(pattern: string, given: PythonFlags): Translated {
  return new Translator(pattern, given).translate();
}

class Translator {
  readonly #cursor: Cursor;
  #groups = 0;
  #flags: Flags;
  #wholeIgnoresCase = false;

  constructor(pattern: string, given: PythonFlags) {
    this.#cursor = new Cursor(pattern);
    this.#flags = {
      ignoreCase: false,
      multiline: false,
      dotAll: false,
      verbose: false,
      ascii: false,
      ...given,
    };
  }

  translate(): Translated {
    this.#leadingFlags();
    this.#wholeIgnoresCase = this.#flags.ignoreCase;
    const source = this.#alternatives();
    if (!this.#cursor.done) throw this.#cursor.error('unbalanced ")"');
    return { source, groups: this.#groups, ignoreCase: this.#wholeIgnoresCase };
  }

  /** `(?im)` is allowed at the very start only, as in Python 3.11 and later. */
  #leadingFlags(): void {
    const found = this.#cursor.take(/^(?:\(\?[a-zA-Z]+\))+/, Infinity)?.[0] ?? '';
    for (const letter of found.replace(/[()?]/g, '')) this.#setFlag(this.#flags, letter, true);
  }

  #setFlag(flags: Flags, letter: string, value: boolean): void {
    if (!Object.hasOwn(FLAG_LETTERS, letter))
      throw this.#cursor.error(`the flag "${letter}" is not supported`);
    const name = FLAG_LETTERS[letter];
    if (name != null) flags[name] = value;
  }

  /** Everything up to the closing bracket of the group that we are in, or the end. */
  #alternatives(): string {
    let out = '';
    while (!this.#cursor.done && this.#cursor.peek() !== ')') out += this.#piece();
    return out;
  }

  #piece(): string {
    const character = this.#cursor.next();
    if (this.#flags.verbose) {
      if (/[ \t\n\r\f\v]/.test(character)) return '';
      if (character === '#') return this.#skipComment();
    }
    switch (character) {
      case '|':
        return '|';
      case '.':
        return this.#flags.dotAll ? String.raw`[\s\S]` : String.raw`[^\n]`;
      case '^':
        return this.#flags.multiline ? String.raw`(?<![^\n])` : '^';
      case '$':
        return this.#flags.multiline ? String.raw`(?![^\n])` : String.raw`(?=\n?$)`;
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        return this.#quantifier(character);
      case '{':
        return this.#braces();
      default:
        return this.#literal(character.codePointAt(0)!);
    }
  }

  #skipComment(): string {
    while (!this.#cursor.done && this.#cursor.next() !== '\n');
    return '';
  }

  #quantifier(text: string): string {
    if (this.#cursor.peek() === '+')
      throw this.#cursor.error(`the possessive quantifier "${text}+" cannot be translated`);
    return this.#cursor.peek() === '?' ? text + this.#cursor.next() : text;
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}` and even `{,}` count; any other opening brace is a plain character. */
  #braces(): string {
    const found = this.#cursor.take(/^(?=[\d,])(\d*)(,?)(\d*)\}/, 24);
    if (found === null) return this.#literal(0x7b);
    const [, from = '', comma = '', to = ''] = found;
    return this.#quantifier(`{${from === '' ? '0' : from}${comma}${to}}`);
  }

  #group(): string {
    if (this.#cursor.peek() !== '?') {
      this.#groups += 1;
      return this.#inside('(');
    }
    this.#cursor.next();
    const kind = this.#cursor.next();
    if (kind === ':' || kind === '=' || kind === '!') return this.#inside(`(?${kind}`);
    if (kind === '#') return this.#groupComment();
    if (kind === 'P') return this.#named();
    if (kind === '<') {
      const side = this.#cursor.next();
      if (side === '=' || side === '!') return this.#inside(`(?<${side}`);
      throw this.#cursor.error('"(?<" must be followed by "=" or "!"; a named group is (?P<name>…)');
    }
    if (kind === '>') throw this.#cursor.error('the atomic group "(?>" cannot be translated');
    if (kind === '(') throw this.#cursor.error('the conditional "(?(" cannot be translated');
    return this.#scopedFlags(kind);
  }

  #inside(open: string): string {
    const before = this.#flags;
    this.#flags = { ...before };
    const body = this.#alternatives();
    this.#flags = before;
    if (this.#cursor.peek() !== ')') throw this.#cursor.error('missing ")"');
    this.#cursor.next();
    return `${open}${body})`;
  }

  #groupComment(): string {
    while (this.#cursor.next() !== ')');
    return '';
  }

  #named(): string {
    const kind = this.#cursor.next();
    let name = '';
    const close = kind === '<' ? '>' : ')';
    if (kind !== '<' && kind !== '=') throw this.#cursor.error(`"(?P${kind}" is not known`);
    for (let c = this.#cursor.next(); c !== close; c = this.#cursor.next()) name += c;
    if (kind === '=') return String.raw`\k<${name}>`;
    this.#groups += 1;
    return this.#inside(`(?<${name}>`);
  }

  /** `(?i:…)`, `(?s-m:…)`: written out in the translation, so any engine can run it. */
  #scopedFlags(first: string): string {
    const before = this.#flags;
    const inner = { ...before };
    let on = true;
    for (let c = first; c !== ':'; c = this.#cursor.next()) {
      if (c === ')') throw this.#cursor.error('flags must stand at the start of the expression');
      if (c === '-') on = false;
      else this.#setFlag(inner, c, on);
    }
    if (this.#wholeIgnoresCase && !inner.ignoreCase) throw this.#cursor.error('"(?-i:" cannot be translated');
    this.#flags = inner;
    const body = this.#inside('(?:');
    this.#flags = before;
    return body;
  }

  #escape(): string {
    const character = this.#cursor.next();
    if (/[1-9]/.test(character)) return this.#backReference(character);
    const known = classEscape(character, this.#flags.ascii);
    if (known !== undefined) return known;
    const word = classEscape('w', this.#flags.ascii)!;
    switch (character) {
      case 'A':
        return '^';
      case 'Z':
        return '$';
      case 'b':
        return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
      case 'B':
        return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
      default:
        return this.#literal(escapedCodePoint(this.#cursor, character));
    }
  }

  /** `\1` to `\99`; three octal digits are a character. */
  #backReference(first: string): string {
    const cursor = this.#cursor;
    if (/[1-3]/.test(first)) {
      const rest = cursor.take(/^[0-7]{2}/, 2)?.[0];
      if (rest !== undefined) return this.#literal(Number.parseInt(first + rest, 8));
    }
    const digits = first + (cursor.take(/^\d/, 1)?.[0] ?? '');
    if (Number(digits) > this.#groups) throw cursor.error(`there is no group ${digits} before "\\${digits}"`);
    return `(?:\\${digits})`;
  }

  #class(): string {
    const negated = this.#cursor.peek() === '^';
    if (negated) this.#cursor.next();
    let out = '';
    for (let first = true; first || this.#cursor.peek() !== ']'; first = false) {
      const from = this.#classMember();
      const isRange = this.#cursor.peek() === '-' && this.#cursor.peek(1) !== ']';
      if (typeof from === 'string' || !isRange) {
        out += typeof from === 'string' ? from : this.#classLiteral(from);
        continue;
      }
      this.#cursor.next();
      const to = this.#classMember();
      if (typeof to === 'string' || to < from) throw this.#cursor.error('bad character range');
      out += this.#classRange(from, to);
    }
    this.#cursor.next();
    return `[${negated ? '^' : ''}${out}]`;
  }

  /** A nested class as text, or one character as its code point. */
  #classMember(): string | number {
    const character = this.#cursor.next();
    if (character !== '\\') return character.codePointAt(0)!;
    const escaped = this.#cursor.next();
    const known = classEscape(escaped, this.#flags.ascii);
    if (known !== undefined) return known;
    if (escaped === 'b') return 8;
    if (/[1-7]/.test(escaped)) return octal(this.#cursor, escaped);
    return escapedCodePoint(this.#cursor, escaped);
  }

  /** True where case must be ignored here although the whole expression does not. */
  get #writesCase(): boolean {
    return this.#flags.ignoreCase && !this.#wholeIgnoresCase;
  }

  #literal(codePoint: number): string {
    if (!this.#writesCase) return literal(codePoint);
    const forms = caseForms(codePoint);
    return forms.length === 1 ? literal(codePoint) : `[${forms.map(literal).join('')}]`;
  }

  #classLiteral(codePoint: number): string {
    return this.#writesCase ? caseForms(codePoint).map(literal).join('') : literal(codePoint);
  }

  #classRange(from: number, to: number): string {
    const plain = `${literal(from)}-${literal(to)}`;
    if (!this.#writesCase) return plain;
    if (to - from > 512) throw this.#cursor.error('a large range inside "(?i:" cannot be translated');
    const codes = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return plain + [...new Set(codes.flatMap(caseForms))].map(literal).join('');
  }
}
