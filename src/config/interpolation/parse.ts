import { errors } from '../../errors/index.js';
import type { Dialect, Interpolation, Value } from '../grammar/index.js';
import { Cursor, parseElement, Template } from '../grammar/index.js';
import type { Where } from '../../errors/index.js';

/** Characters of one key; everything else ends it. */
const KEY = /[^\\{}()[\]:. \t'"]+/y;
const FIX =
  'Write ${a.b}, ${.sibling}, ${list[0]} or ${oc.env:NAME,default}; write \\${ for the characters themselves.';

const ARGUMENT: Dialect = {
  // More than OmegaConf allows: URLs with a query are common defaults, and nothing else could be meant.
  unquoted: /[/\-\\+.$%*@?|:=&#;!<>^~()\u0080-\uffff]/,
  interpolation: parseInterpolation,
  quotedInterpolation: parseInterpolation,
};

/** Reads text with interpolations; undefined when there are none. */
export function parseTemplate(text: string, where: Where): Template | undefined {
  if (!text.includes('${')) return undefined;
  const cursor = cursorFor(text, where);
  const parts: (string | Interpolation)[] = [];
  let plain = '';
  while (!cursor.done) {
    const slashes = cursor.match(/\\*/y).length;
    if (!cursor.startsWith('${')) {
      plain += '\\'.repeat(slashes) + cursor.match(/[^\\$]+|\$?/y);
      continue;
    }
    plain += '\\'.repeat(Math.floor(slashes / 2));
    if (slashes % 2 === 1) plain += cursor.match(/\$\{/y);
    else {
      parts.push(plain, parseInterpolation(cursor));
      plain = '';
    }
  }
  return new Template([...parts, plain].filter((part) => part !== ''));
}

const BLANKS = /^([ \t]*)(.*?)([ \t]*)$/s;

/**
 * Reads text as `oc.decode` does: one value by the argument grammar. A word, number or interpolation with blanks around
 * it is text and keeps them.
 */
export function parseDecoded(text: string, where: Where): Value {
  const [, before = '', inside = '', after = ''] = BLANKS.exec(text)!;
  if (inside === '' || before + after === '' || '[{"\''.includes(inside[0]!))
    return parseArgument(text, where);
  const value = parseArgument(inside, where);
  if (value instanceof Template)
    return new Template([before, ...value.parts, after].filter((part) => part !== ''));
  return typeof value === 'string' ? before + value + after : text;
}

/** Reads one value by the argument grammar. */
function parseArgument(text: string, where: Where): Value {
  const cursor = cursorFor(text, where);
  const value = parseElement(cursor, ARGUMENT);
  cursor.skipSpace();
  return cursor.done ? value : cursor.fail('the value should end here', 'Quote the text.');
}

function cursorFor(text: string, where: Where): Cursor {
  return new Cursor(text, (column, problem, fix) => {
    throw errors.configInterpolationSyntax(text, column, problem, fix, where);
  });
}

function parseInterpolation(cursor: Cursor): Interpolation {
  return cursor.nested(() => parseNested(cursor));
}

function parseNested(cursor: Cursor): Interpolation {
  const start = cursor.position;
  cursor.take('${');
  cursor.skipSpace();
  const up = cursor.match(/\.*/y).length;
  const { keys, dotted } = parseKeys(cursor);
  cursor.skipSpace();
  if (up === 0 && dotted && cursor.take(':')) {
    return {
      kind: 'call',
      name: keys,
      args: parseArguments(cursor, start),
      text: cursor.text.slice(start, cursor.position),
    };
  }
  if (!cursor.take('}')) unclosed(cursor, start);
  if (keys.length === 0 && up === 0) cursor.failAt(start, 'this interpolation names no key', FIX);
  return { kind: 'reference', up, keys, text: cursor.text.slice(start, cursor.position) };
}

/** `a.b[0].${c}`; `dotted` is false when brackets were used, which a resolver's name cannot have. */
function parseKeys(cursor: Cursor): { keys: (string | Interpolation)[]; dotted: boolean } {
  const keys: (string | Interpolation)[] = [];
  let dotted = true;
  const key = (): void => {
    if (cursor.startsWith('${')) keys.push(parseInterpolation(cursor));
    else {
      const name = cursor.match(KEY);
      if (name === '') cursor.fail('a key is missing in this interpolation', FIX);
      keys.push(name);
    }
  };
  if (cursor.peek() !== '}' && cursor.peek() !== '[' && !cursor.done) key();
  for (;;) {
    if (cursor.take('.')) key();
    else if (cursor.take('[')) {
      dotted = false;
      key();
      if (!cursor.take(']')) cursor.fail('"]" expected', FIX);
    } else return { keys, dotted };
  }
}

function parseArguments(cursor: Cursor, start: number): Value[] {
  const args: Value[] = [];
  cursor.skipSpace();
  if (cursor.take('}')) return args;
  for (;;) {
    cursor.skipSpace();
    args.push(cursor.peek() === ',' || cursor.peek() === '}' ? '' : parseElement(cursor, ARGUMENT));
    cursor.skipSpace();
    if (cursor.take('}')) return args;
    if (!cursor.take(',')) unclosed(cursor, start);
  }
}

function unclosed(cursor: Cursor, start: number): never {
  if (cursor.done) return cursor.failAt(start, 'this interpolation is never closed', 'Add "}" at its end.');
  return cursor.fail(`${JSON.stringify(cursor.peek())} cannot stand in an interpolation`, FIX);
}
