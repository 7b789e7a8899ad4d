import { JsonNumber } from './lossless-json.js';
import type { Lossless } from './lossless-json.js';

/** Text that is no literal of numbers, strings, lists, tuples, `True`, `False` and `None`. */
export class LiteralError extends Error {}

const TOKEN =
  /\s*(?:([[\](),{}:])|(-?\d+(?:_\d+)*\b(?!\.)|-?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?)|('(?:[^'\\\n]|\\['"\\nt])*'|"(?:[^"\\\n]|\\['"\\nt])*")|(True|False|None)\b)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' };
const WORDS: Readonly<Record<string, Lossless>> = { True: true, False: false, None: null };

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  document(): Lossless {
    if (/^[ \t]/.test(this.text) && this.text.trim() === '') throw new LiteralError('nothing');
    const items = this.items('');
    if (items.values.length === 1 && !items.comma) return items.values[0]!;
    if (items.values.length === 0) throw new LiteralError('nothing');
    return items.values;
  }

  /** Values up to the closing bracket, or to the end; whether a comma stood among them. */
  private items(closing: string): { values: Lossless[]; comma: boolean } {
    const values: Lossless[] = [];
    let comma = false;
    for (;;) {
      if (this.took(closing)) return { values, comma };
      values.push(this.value());
      if (this.took(closing)) return { values, comma };
      if (!this.took(',')) throw new LiteralError(`unexpected text at ${this.at}`);
      comma = true;
    }
  }

  private took(mark: string): boolean {
    const rest = /^\s*/.exec(this.text.slice(this.at))![0].length + this.at;
    if (mark === '' ? rest < this.text.length : this.text[rest] !== mark) return false;
    this.at = rest + mark.length;
    return true;
  }

  private value(): Lossless {
    TOKEN.lastIndex = this.at;
    const [whole, mark, number, string, word] = TOKEN.exec(this.text) ?? [];
    if (whole === undefined) throw new LiteralError(`unexpected text at ${this.at}`);
    this.at += whole.length;
    if (number !== undefined) return new JsonNumber(plainNumber(number));
    if (string !== undefined) return string.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c);
    if (word !== undefined) return WORDS[word]!;
    if (mark === '[') return this.items(']').values;
    if (mark !== '(') throw new LiteralError(`unexpected text at ${this.at}`);
    const { values, comma } = this.items(')');
    return values.length === 1 && !comma ? values[0]! : values;
  }
}

function plainNumber(text: string): string {
  const digits = text.replaceAll('_', '');
  if (/^-?0\d/.test(digits) && !/^-?0+$/.test(digits) && !/[.eE]/.test(digits))
    throw new LiteralError('leading zeros');
  return digits;
}

/**
 * What Python's `eval` makes of a literal: numbers, strings, lists and tuples (as lists), `True`, `False`, `None`.
 * Throws {@link LiteralError} for any other expression, though Python may evaluate it.
 */
export function literalValue(text: string): Lossless {
  return new Reader(text).document();
}
