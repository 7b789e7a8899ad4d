import { caseForms, classEscape, literal } from './regex-classes.js';
import { PythonRegexError } from './regex-error.js';
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

const CONTROL: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };

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
  readonly #input: readonly string[];
  #at = 0;
  #groups = 0;
  #flags: Flags;
  #wholeIgnoresCase = false;

  constructor(
    private readonly pattern: string,
    given: PythonFlags,
  ) {
    this.#input = Array.from(pattern);
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
    if (this.#at < this.#input.length) throw this.#error('unbalanced ")"');
    return { source, groups: this.#groups, ignoreCase: this.#wholeIgnoresCase };
  }

  /** `(?im)` is allowed at the very start only, as in Python 3.11 and later. */
  #leadingFlags(): void {
    const found = /^(?:\(\?[a-zA-Z]+\))+/.exec(this.pattern)?.[0];
    if (found === undefined) return;
    for (const letter of found.replace(/[()?]/g, '')) this.#setFlag(this.#flags, letter, true);
    this.#at = found.length;
  }

  #setFlag(flags: Flags, letter: string, value: boolean): void {
    if (!Object.hasOwn(FLAG_LETTERS, letter)) throw this.#error(`the flag "${letter}" is not supported`);
    const name = FLAG_LETTERS[letter];
    if (name != null) flags[name] = value;
  }

  /** Everything up to the closing bracket of the group that we are in, or the end. */
  #alternatives(): string {
    let out = '';
    while (this.#at < this.#input.length && this.#peek() !== ')') out += this.#piece();
    return out;
  }

  #piece(): string {
    const character = this.#next();
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
    while (this.#at < this.#input.length && this.#next() !== '\n');
    return '';
  }

  #quantifier(text: string): string {
    if (this.#peek() === '+') throw this.#error(`the possessive quantifier "${text}+" cannot be translated`);
    return this.#peek() === '?' ? text + this.#next() : text;
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}` count; any other opening brace is a plain character. */
  #braces(): string {
    const found = /^(\d*)(,?)(\d*)\}/.exec(this.#input.slice(this.#at, this.#at + 24).join(''));
    if (found === null || (found[1] === '' && found[3] === '')) return this.#literal(0x7b);
    this.#at += found[0].length;
    return this.#quantifier(`{${found[1] === '' ? '0' : found[1]}${found[2]}${found[3]}}`);
  }

  #group(): string {
    if (this.#peek() !== '?') {
      this.#groups += 1;
      return this.#inside('(');
    }
    this.#next();
    const kind = this.#next();
    if (kind === ':' || kind === '=' || kind === '!') return this.#inside(`(?${kind}`);
    if (kind === '#') return this.#groupComment();
    if (kind === 'P') return this.#named();
    if (kind === '<') {
      const side = this.#next();
      if (side === '=' || side === '!') return this.#inside(`(?<${side}`);
      throw this.#error('"(?<" must be followed by "=" or "!"; a named group is (?P<name>…)');
    }
    if (kind === '>') throw this.#error('the atomic group "(?>" cannot be translated');
    if (kind === '(') throw this.#error('the conditional "(?(" cannot be translated');
    return this.#scopedFlags(kind);
  }

  #inside(open: string): string {
    const before = this.#flags;
    this.#flags = { ...before };
    const body = this.#alternatives();
    this.#flags = before;
    if (this.#peek() !== ')') throw this.#error('missing ")"');
    this.#next();
    return `${open}${body})`;
  }

  #groupComment(): string {
    while (this.#next() !== ')');
    return '';
  }

  #named(): string {
    const kind = this.#next();
    let name = '';
    const close = kind === '<' ? '>' : ')';
    if (kind !== '<' && kind !== '=') throw this.#error(`"(?P${kind}" is not known`);
    for (let c = this.#next(); c !== close; c = this.#next()) name += c;
    if (kind === '=') return String.raw`\k<${name}>`;
    this.#groups += 1;
    return this.#inside(`(?<${name}>`);
  }

  /** `(?i:…)`, `(?s-m:…)`: written out in the translation, so any engine can run it. */
  #scopedFlags(first: string): string {
    const before = this.#flags;
    const inner = { ...before };
    let on = true;
    for (let c = first; c !== ':'; c = this.#next()) {
      if (c === ')') throw this.#error('flags must stand at the start of the expression');
      if (c === '-') on = false;
      else this.#setFlag(inner, c, on);
    }
    if (this.#wholeIgnoresCase && !inner.ignoreCase) throw this.#error('"(?-i:" cannot be translated');
    this.#flags = inner;
    const body = this.#inside('(?:');
    this.#flags = before;
    return body;
  }

  #escape(): string {
    const character = this.#next();
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
        return this.#literal(this.#escapedCodePoint(character));
    }
  }

  /** `\1` to `\99`; three octal digits are a character. */
  #backReference(first: string): string {
    const rest = this.#input.slice(this.#at, this.#at + 2).join('');
    if (/^[0-3]$/.test(first) && /^[0-7]{2}$/.test(rest)) {
      this.#at += 2;
      return this.#literal(Number.parseInt(first + rest, 8));
    }
    let digits = first;
    if (/\d/.test(this.#peek() ?? '')) digits += this.#next();
    if (Number(digits) > this.#groups) throw this.#error(`there is no group ${digits} before "\\${digits}"`);
    return `(?:\\${digits})`;
  }

  /** The character that an escape stands for, where it means the same inside and outside of brackets. */
  #escapedCodePoint(character: string): number {
    if (Object.hasOwn(CONTROL, character)) return CONTROL[character]!;
    if (character === 'x') return this.#hex(2);
    if (character === 'u') return this.#hex(4);
    if (character === 'U') return this.#hex(8);
    if (character === '0') {
      const digits = /^[0-7]{0,2}/.exec(this.#input.slice(this.#at, this.#at + 2).join(''))![0];
      this.#at += digits.length;
      return Number.parseInt(`0${digits}`, 8);
    }
    if (/[A-Za-z0-9]/.test(character)) throw this.#error(`the escape "\\${character}" is not known`);
    return character.codePointAt(0)!;
  }

  #hex(length: number): number {
    const digits = this.#input.slice(this.#at, this.#at + length).join('');
    const value = Number.parseInt(digits, 16);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length || value > 0x10ffff) {
      throw this.#error(`an escape needs ${length} hexadecimal digits`);
    }
    this.#at += length;
    return value;
  }

  #class(): string {
    const negated = this.#peek() === '^';
    if (negated) this.#next();
    let out = '';
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      const from = this.#classMember();
      const isRange = this.#peek() === '-' && this.#input[this.#at + 1] !== ']';
      if (typeof from === 'string' || !isRange) {
        out += typeof from === 'string' ? from : this.#classLiteral(from);
        continue;
      }
      this.#next();
      const to = this.#classMember();
      if (typeof to === 'string' || to < from) throw this.#error('bad character range');
      out += this.#classRange(from, to);
    }
    this.#next();
    return `[${negated ? '^' : ''}${out}]`;
  }

  /** A nested class as text, or one character as its code point. */
  #classMember(): string | number {
    const character = this.#next();
    if (character !== '\\') return character.codePointAt(0)!;
    const escaped = this.#next();
    const known = classEscape(escaped, this.#flags.ascii);
    if (known !== undefined) return known;
    if (escaped === 'b') return 8;
    if (/[1-7]/.test(escaped)) {
      const digits = /^[0-7]{0,2}/.exec(this.#input.slice(this.#at, this.#at + 2).join(''))![0];
      this.#at += digits.length;
      return Number.parseInt(escaped + digits, 8);
    }
    return this.#escapedCodePoint(escaped);
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
    if (to - from > 512) throw this.#error('a large range inside "(?i:" cannot be translated');
    const codes = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return plain + [...new Set(codes.flatMap(caseForms))].map(literal).join('');
  }

  #peek(): string | undefined {
    return this.#input[this.#at];
  }

  #next(): string {
    const character = this.#input[this.#at];
    if (character === undefined) throw this.#error('it ends too early');
    this.#at += 1;
    return character;
  }

  #error(problem: string): PythonRegexError {
    return new PythonRegexError(this.pattern, problem);
  }
}
