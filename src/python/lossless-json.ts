/** A number that remembers how it was written, because Python tells `1` from `1.0`. */
export class JsonNumber {
  constructor(readonly text: string) {}

  get isFloat(): boolean {
    return /[.eENI]/.test(this.text);
  }

  get value(): number {
    return Number(this.text);
  }
}

/** A JSON value whose numbers are {@link JsonNumber}s. */
export type Lossless = null | boolean | string | JsonNumber | Lossless[] | Map<string, Lossless>;

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): Lossless {
    this.space();
    const char = this.text[this.at];
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char === '"') return this.string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    NUMBER.lastIndex = this.at;
    const digits = NUMBER.exec(this.text);
    if (digits === null) throw new SyntaxError(`unexpected character at position ${this.at} of JSON text`);
    this.at = NUMBER.lastIndex;
    return new JsonNumber(digits[0]);
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  /** Consumes a comma (true) or the closing bracket (false). */
  private more(): boolean {
    this.space();
    this.at += 1;
    return this.text[this.at - 1] === ',';
  }

  private object(): Map<string, Lossless> {
    const result = new Map<string, Lossless>();
    this.at += 1;
    this.space();
    if (this.text[this.at] === '}') {
      this.at += 1;
      return result;
    }
    do {
      this.space();
      const key = this.string();
      this.space();
      this.at += 1;
      result.set(key, this.value());
    } while (this.more());
    return result;
  }

  private array(): Lossless[] {
    const result: Lossless[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === ']') {
      this.at += 1;
      return result;
    }
    do result.push(this.value());
    while (this.more());
    return result;
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    while (this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
    this.at += 1;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }
}

/** Reads JSON text, keeping the form of numbers. Throws `SyntaxError`, in the words of `JSON.parse`. */
export function parseLossless(text: string): Lossless {
  JSON.parse(text);
  return new Reader(text).value();
}

/** Compact UTF-8 text, as the reference's collector writes it. */
export function writeCompact(value: Lossless): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeCompact).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${writeCompact(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Text as Python's `json.dumps` writes it: `, ` and `: ` as separators (`compact`: none), ASCII unless `ascii` is false,
 * keys in their own order (`sorted`: ascending).
 */
export function writePython(
  value: Lossless,
  {
    ascii = true,
    sorted = false,
    compact = false,
  }: { ascii?: boolean; sorted?: boolean; compact?: boolean } = {},
): string {
  const [comma, colon] = compact ? [',', ':'] : [', ', ': '];
  const string = ascii ? asciiString : (text: string) => JSON.stringify(text);
  const write = (item: Lossless): string => {
    if (item instanceof JsonNumber) return item.isFloat ? jsonFloat(item.value) : item.text;
    if (typeof item === 'string') return string(item);
    if (Array.isArray(item)) return `[${item.map(write).join(comma)}]`;
    if (item instanceof Map) {
      const entries = sorted ? [...item].sort(([a], [b]) => (a < b ? -1 : 1)) : [...item];
      return `{${entries.map(([key, one]) => `${string(key)}${colon}${write(one)}`).join(comma)}}`;
    }
    return JSON.stringify(item);
  };
  return write(value);
}

/** As {@link pythonFloat}, but for the words that JSON has for numbers that are none. */
const jsonFloat = (value: number): string =>
  pythonFloat(value).replace('nan', 'NaN').replace('inf', 'Infinity');

/** A float as Python's `repr` writes it: shortest digits, always with a point or an exponent. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = String(value);
  return /[.]/.test(text) ? text : `${text}.0`;
}
