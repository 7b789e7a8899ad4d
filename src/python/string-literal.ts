/** What stands at a place of a Python source is no string literal that can be read. */
export class StringLiteralError extends Error {
  override readonly name = 'StringLiteralError';
}

const ESCAPES: Readonly<Record<string, string>> = {
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

/** An escape of a literal: what follows the backslash. Python keeps the backslash before a letter that it does not know. */
const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;

function unescape(body: string): string {
  return body.replace(ESCAPE, (whole, octal?: string, x?: string, u?: string, U?: string, other?: string) => {
    if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
    const code = x ?? u ?? U;
    if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
    if (other === 'N') throw new StringLiteralError('names of characters (\\N{…}) are not supported');
    return ESCAPES[other!] ?? whole;
  });
}

/** A string: prefix, then quotes of which three make a text of several lines. */
const OPENING = /([a-zA-Z]{0,2})('''|"""|'|")/y;

/** Blank space, line ends and comments between the parts of a literal. */
const BETWEEN = /(?:\s|\\\n|#[^\n]*\n)*/y;

/** The same without brackets, where the end of a line ends the literal. */
const ON_THE_LINE = /(?:[ \t\f]|\\\n)*/y;

function skip(source: string, at: number, blank = BETWEEN): number {
  blank.lastIndex = at;
  blank.exec(source);
  return blank.lastIndex;
}

/** The index of the closing quotes. */
function closing(source: string, start: number, quotes: string): number {
  for (let at = start; at < source.length; at++) {
    if (source[at] === '\\') at += 1;
    else if (source.startsWith(quotes, at)) return at;
  }
  throw new StringLiteralError('a string is not closed');
}

/**
 * The value of the string literal at `start` of a Python source; literals side by side (in brackets over several lines)
 * are one. An f-string is given as it is written, its fields unread: as a text for `str.format`.
 */
export function stringLiteral(source: string, start: number): string {
  const text = source.replaceAll('\r\n', '\n');
  let at = skip(text, start);
  const inBrackets = text[at] === '(';
  if (inBrackets) at = skip(text, at + 1);
  let value: string | undefined;
  for (;;) {
    OPENING.lastIndex = at;
    const opened = OPENING.exec(text);
    if (opened === null) break;
    const [, prefix = '', quotes = ''] = opened;
    if (/b/i.test(prefix)) throw new StringLiteralError('bytes are no text');
    const end = closing(text, OPENING.lastIndex, quotes);
    const body = text.slice(OPENING.lastIndex, end);
    value = (value ?? '') + (/r/i.test(prefix) ? body : unescape(body));
    at = skip(text, end + quotes.length, inBrackets ? BETWEEN : ON_THE_LINE);
  }
  if (value === undefined) throw new StringLiteralError('there is no string');
  return value;
}
