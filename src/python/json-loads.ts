import { JsonNumber } from './lossless-json.js';
import type { Lossless } from './lossless-json.js';

/** Text that is no JSON to Python; the message is Python's, with line, column and place counted in code points. */
export class JsonDecodeError extends Error {
  override name = 'JSONDecodeError';

  /** `problem`: the message without the place. `at`: code points from the start. */
  constructor(
    message: string,
    readonly problem: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const WORDS: readonly (readonly [string, () => Lossless])[] = [
  ['null', () => null],
  ['true', () => true],
  ['false', () => false],
  ['NaN', () => new JsonNumber('NaN')],
  ['Infinity', () => new JsonNumber('Infinity')],
  ['-Infinity', () => new JsonNumber('-Infinity')],
];
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\0-\x1f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Decoder {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly unique = false,
  ) {}

  document(): Lossless {
    if (this.text.startsWith('\ufeff')) throw this.error('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
    this.match(SPACE);
    const value = this.value();
    this.match(SPACE);
    if (this.at < this.text.length) throw this.error('Extra data', this.at);
    return value;
  }

  private value(): Lossless {
    const character = this.text[this.at];
    if (character === '"') return this.string();
    if (character === '{') return this.object();
    if (character === '[') return this.array();
    for (const [word, make] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return make();
    }
    const digits = this.match(NUMBER);
    if (digits === '') throw this.error('Expecting value', this.at);
    return new JsonNumber(digits === '-0' ? '0' : digits);
  }

  private object(): Map<string, Lossless> {
    const found = new Map<string, Lossless>();
    this.at += 1;
    this.match(SPACE);
    if (this.took('}')) return found;
    do {
      if (this.text[this.at] !== '"') {
        throw this.error('Expecting property name enclosed in double quotes', this.at);
      }
      const start = this.at;
      const key = this.string();
      if (this.unique && found.has(key)) throw this.error('Duplicate key', start);
      this.match(SPACE);
      if (!this.took(':')) throw this.error("Expecting ':' delimiter", this.at);
      this.match(SPACE);
      found.set(key, this.value());
    } while (this.more('}', 'object'));
    return found;
  }

  private array(): Lossless[] {
    const found: Lossless[] = [];
    this.at += 1;
    this.match(SPACE);
    if (this.took(']')) return found;
    do found.push(this.value());
    while (this.more(']', 'array'));
    return found;
  }

  /** True after a comma that another member follows, false after the closing bracket. */
  private more(closing: string, kind: string): boolean {
    this.match(SPACE);
    if (this.took(closing)) return false;
    const comma = this.at;
    if (!this.took(',')) throw this.error("Expecting ',' delimiter", comma);
    this.match(SPACE);
    if (this.text[this.at] === closing)
      throw this.error(`Illegal trailing comma before end of ${kind}`, comma);
    return true;
  }

  private string(): string {
    const begin = this.at++;
    let found = '';
    for (;;) {
      found += this.match(PLAIN);
      if (this.at >= this.text.length) throw this.error('Unterminated string starting at', begin);
      if (this.took('"')) return found;
      if (!this.took('\\')) throw this.error('Invalid control character at', this.at);
      found += this.escape(begin);
    }
  }

  private escape(begin: number): string {
    const character = this.text[this.at++];
    if (character === undefined) throw this.error('Unterminated string starting at', begin);
    if (character !== 'u') {
      const plain = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
      if (plain === undefined) throw this.error('Invalid \\escape', this.at - 2);
      return plain;
    }
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits) || this.at + 4 >= this.text.length) {
      throw this.error('Invalid \\uXXXX escape', this.at - 1);
    }
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private took(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private error(problem: string, at: number): JsonDecodeError {
    const before = Array.from(this.text.slice(0, at));
    const line = before.filter((character) => character === '\n').length + 1;
    const column = before.length - before.lastIndexOf('\n');
    const message = `${problem}: line ${line} column ${column} (char ${before.length})`;
    return new JsonDecodeError(message, problem, before.length);
  }
}

/**
 * `json.loads(text)` of Python 3.13: `NaN` and `Infinity` count, a byte order mark does not. `unique`: a key that comes
 * twice is an error.
 */
export function loadsJson(text: string, { unique = false }: { unique?: boolean } = {}): Lossless {
  return new Decoder(text, unique).document();
}

/** As {@link loadsJson}; undefined where Python raises. */
export function tryLoadsJson(text: string): Lossless | undefined {
  try {
    return loadsJson(text);
  } catch (error) {
    if (error instanceof JsonDecodeError) return undefined;
    throw error;
  }
}

/** What is wrong with a text; null for what Python takes (also `NaN` and infinities). */
export function jsonFault(text: string): JsonDecodeError | null {
  try {
    loadsJson(text);
    return null;
  } catch (error) {
    if (error instanceof JsonDecodeError) return error;
    // Python gives up there too; where, is nobody's to know.
    if (error instanceof RangeError) return new JsonDecodeError('nested too deeply', 'nested too deeply', 0);
    throw error;
  }
}

/** The value as JavaScript has it: whole numbers and others are one type. */
export function plainJson(value: Lossless): unknown {
  if (value instanceof JsonNumber) return value.value;
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [key, plainJson(item)]));
  return value;
}

/** A value of a dataset row: it was read without the form of its numbers, so a whole one counts as an integer. */
export function asLossless(value: unknown): Lossless {
  if (typeof value === 'number') return new JsonNumber(numberText(value));
  if (Array.isArray(value)) return value.map(asLossless);
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, item]) => [key, asLossless(item)]));
  }
  return value as Lossless;
}

function numberText(value: number): string {
  return Number.isSafeInteger(value)
    ? String(value)
    : Number.isInteger(value)
      ? BigInt(value).toString()
      : String(value);
}
