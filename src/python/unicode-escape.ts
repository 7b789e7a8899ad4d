/** Text that Python cannot decode; `name`: it names a character, which only Python's tables know. */
export class EscapeError extends Error {
  constructor(
    message: string,
    readonly named = false,
  ) {
    super(message);
  }
}

const PLAIN: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * `codecs.decode(text, 'unicode_escape')`: escapes become what they stand for, and every other character the bytes that
 * it has in UTF-8, each a character. Throws {@link EscapeError} where Python raises.
 */
export function decodeEscapes(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new EscapeError('surrogates not allowed');
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes.replace(/\\(?:([0-7]{1,3})|([xuU])([\da-fA-F]*)|([\s\S]?))/g, replaced);
}

function replaced(whole: string, octal?: string, kind?: string, digits?: string, other?: string): string {
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  if (kind !== undefined) {
    const count = DIGITS[kind]!;
    if (digits!.length < count) throw new EscapeError(`truncated \\${kind} escape`);
    const code = Number.parseInt(digits!.slice(0, count), 16);
    if (code > 0x10ffff) throw new EscapeError('illegal Unicode character');
    return String.fromCodePoint(code) + digits!.slice(count);
  }
  if (other === '') throw new EscapeError('\\ at end of string');
  if (other === 'N') throw new EscapeError('a character by its name', true);
  return PLAIN[other!] ?? whole;
}
