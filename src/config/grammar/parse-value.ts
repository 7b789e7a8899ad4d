import type { Scalar } from '../tree/index.js';
import type { Cursor } from './cursor.js';
import { typed } from './primitive.js';
import { readQuoted } from './quoted.js';
import type { Interpolation, Value } from './value.js';
import { Dict, Template } from './value.js';

/** What differs between the values of overrides and the arguments of resolvers. */
export interface Dialect {
  /** Characters that may stand unquoted, besides letters, digits, `_` and space. */
  readonly unquoted: RegExp;
  /** Reads `${…}` at the cursor: raw text to keep as it is, or a parsed interpolation. */
  interpolation(cursor: Cursor): string | Interpolation;
  /** The same inside quotes. */
  quotedInterpolation(cursor: Cursor): string | Interpolation;
  /** Applies `name(…)` with the cursor behind the opening parenthesis; absent where there are no functions. */
  readonly call?: (name: string, cursor: Cursor, dialect: Dialect) => Value;
}

const ESCAPABLE = '\\()[]{}:=, \t';
const QUOTE_FIX = 'Put the value in quotes inside the argument: \'key="…"\'.';

/** Reads one element: quoted text, list, mapping, function call or unquoted words. */
export function parseElement(cursor: Cursor, dialect: Dialect): Value {
  cursor.skipSpace();
  const next = cursor.peek();
  if (next === "'" || next === '"') return parseQuotedElement(cursor, dialect);
  if (next === '[') return cursor.nested(() => parseList(cursor, dialect));
  if (next === '{') return cursor.nested(() => parseDict(cursor, dialect));
  const { call } = dialect;
  if (call !== undefined) {
    const head = cursor.match(/[A-Za-z_][A-Za-z0-9_-]*[ \t]*\(/y);
    if (head !== '') return cursor.nested(() => call(head.slice(0, -1).trim(), cursor, dialect));
  }
  return parseWords(cursor, dialect, false);
}

function parseQuotedElement(cursor: Cursor, dialect: Dialect): Value {
  const parts = readQuoted(cursor, (inner) => dialect.quotedInterpolation(inner));
  cursor.skipSpace();
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return new Template(parts, true);
}

function parseList(cursor: Cursor, dialect: Dialect): Value[] {
  const open = cursor.position;
  cursor.take('[');
  const items: Value[] = [];
  cursor.skipSpace();
  if (cursor.take(']')) return items;
  for (;;) {
    items.push(parseElement(cursor, dialect));
    if (closes(cursor, ']', open)) return items;
  }
}

function parseDict(cursor: Cursor, dialect: Dialect): Dict {
  const open = cursor.position;
  cursor.take('{');
  const dict = new Dict();
  cursor.skipSpace();
  if (cursor.take('}')) return dict;
  for (;;) {
    cursor.skipSpace();
    if (cursor.peek() === "'" || cursor.peek() === '"') {
      cursor.fail('a mapping key cannot be quoted', 'Write the key without quotes: {key: value}.');
    }
    const key = parseWords(cursor, dialect, true) as Scalar;
    if (!cursor.take(':')) cursor.fail('":" expected after the mapping key', 'Write {key: value}.');
    dict.set(key, parseElement(cursor, dialect));
    if (closes(cursor, '}', open)) return dict;
  }
}

/** After an element of a list or mapping: true at the closing bracket, false after a comma. */
function closes(cursor: Cursor, close: string, open: number): boolean {
  cursor.skipSpace();
  if (cursor.take(close)) return true;
  if (cursor.take(',')) return false;
  if (cursor.done) cursor.failAt(open, `this bracket is never closed`, `Add "${close}" at the end.`);
  return cursor.fail(`"," or "${close}" expected`, QUOTE_FIX);
}

/** Reads unquoted words up to a delimiter; blanks around them do not count. */
function parseWords(cursor: Cursor, dialect: Dialect, asKey: boolean): Value {
  const start = cursor.position;
  const parts: (string | Interpolation)[] = [];
  let text = '';
  let kept = 0;
  let plain = true;
  for (;;) {
    const char = cursor.peek();
    if (char === '\\' && cursor.peek(1) !== '' && ESCAPABLE.includes(cursor.peek(1))) {
      text += cursor.peek(1);
      cursor.position += 2;
      kept = text.length;
      plain = false;
    } else if (!asKey && cursor.startsWith('${')) {
      const inner = dialect.interpolation(cursor);
      plain = false;
      if (typeof inner === 'string') text += inner;
      else {
        parts.push(text, inner);
        text = '';
      }
      kept = text.length;
    } else if (char === ' ' || char === '\t') {
      text += char;
      cursor.position++;
    } else if (/[A-Za-z0-9_]/.test(char) || (dialect.unquoted.test(char) && !(asKey && char === ':'))) {
      text += char;
      cursor.position++;
      kept = text.length;
    } else break;
  }
  text = text.slice(0, kept);
  if (parts.length > 0) return new Template([...parts, text].filter((part) => part !== ''));
  if (text === '') return failEmpty(cursor);
  if (!plain) return text;
  const value = typed(text);
  if (value !== undefined) return value;
  return cursor.failAt(
    start,
    'this whole number is too large to be held exactly',
    'Quote it to keep it as text.',
  );
}

function failEmpty(cursor: Cursor): never {
  const char = cursor.peek();
  if (char === '') return cursor.fail('a value is missing here', 'Give a value, or "" for empty text.');
  if (char === '=') {
    return cursor.fail('"=" cannot stand unquoted in a value', 'Write \'key="a=b"\' or escape it as "\\=".');
  }
  if (',]}):'.includes(char)) {
    return cursor.fail(
      `a value is missing before "${char}"`,
      'Remove the extra character, or quote the text.',
    );
  }
  return cursor.fail(`${JSON.stringify(char)} cannot stand unquoted in a value`, QUOTE_FIX);
}
