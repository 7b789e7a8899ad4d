import type { Cursor, Dialect, Value } from '../grammar/index.js';
import { Dict, parseElement } from '../grammar/index.js';
import type { Scalar } from '../tree/index.js';
import { Float } from '../tree/index.js';

export const SWEEP_FIX = 'For a list write key=[a,b]; for text with a comma write \'key="a,b"\'.';
const CASTS = { int: toInt, float: toFloat, bool: toBool, str: toText };
const SWEEPS = ['choice', 'range', 'interval', 'glob', 'tag'];

interface Arguments {
  positional: Value[];
  named: Map<string, Value>;
}

/** Applies a function of the override grammar; casts and `sort([…])` give values, the rest are sweeps. */
export function callFunction(name: string, cursor: Cursor, dialect: Dialect): Value {
  const start = cursor.position - name.length - 1;
  const args = readArguments(cursor, dialect);
  if (SWEEPS.includes(name)) return cursor.failAt(start, `${name}(…) asks for several runs`, SWEEP_FIX);
  if (name === 'sort' || name === 'shuffle') return order(name, args, cursor, start);
  if (!Object.hasOwn(CASTS, name)) {
    const known = Object.keys(CASTS).join(', ');
    return cursor.failAt(
      start,
      `unknown function "${name}"`,
      `Known: ${known}, sort. Quote text with "(" in it.`,
    );
  }
  const [value] = args.positional;
  if (value === undefined || args.positional.length > 1 || args.named.size > 0) {
    return cursor.failAt(start, `${name}(…) takes one value`, `Write ${name}(value).`);
  }
  const result = castDeep(value, CASTS[name as keyof typeof CASTS]);
  if (result !== undefined) return result;
  return cursor.failAt(start, `the value cannot become ${name}`, 'Write the value itself, without the cast.');
}

function readArguments(cursor: Cursor, dialect: Dialect): Arguments {
  const args: Arguments = { positional: [], named: new Map() };
  cursor.skipSpace();
  if (cursor.take(')')) return args;
  for (;;) {
    const label = cursor.match(/[ \t]*[A-Za-z_][A-Za-z0-9_-]*[ \t]*=/y);
    const value = parseElement(cursor, dialect);
    if (label === '') args.positional.push(value);
    else args.named.set(label.slice(0, -1).trim(), value);
    cursor.skipSpace();
    if (cursor.take(')')) return args;
    if (!cursor.take(',')) cursor.fail('"," or ")" expected', 'Close the parenthesis, or quote the text.');
  }
}

function order(name: string, args: Arguments, cursor: Cursor, start: number): Value {
  const [list] = args.positional;
  if (args.positional.length !== 1 || !Array.isArray(list)) {
    return cursor.failAt(start, `${name}(…) of several values asks for several runs`, SWEEP_FIX);
  }
  if (name === 'shuffle') {
    return cursor.failAt(
      start,
      'shuffle(…) would give another configuration each time',
      'Write the list in order.',
    );
  }
  const keys = list.map((item) => (item instanceof Float ? item.value : item));
  if (!keys.every((key) => typeof key === 'number') && !keys.every((key) => typeof key === 'string')) {
    return cursor.failAt(start, 'sort(…) needs all numbers or all text', 'Write the list in order.');
  }
  const sign = args.named.get('reverse') === true ? -1 : 1;
  return list
    .map((item, index) => ({ item, key: keys[index] as number | string }))
    .sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

function castDeep(value: Value, cast: (value: Scalar) => Scalar | undefined): Value | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => castDeep(item, cast));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (value instanceof Dict) {
    const dict = new Dict();
    for (const entry of value.entries) {
      const result = castDeep(entry.value, cast);
      if (result === undefined) return undefined;
      dict.set(entry.key, result);
    }
    return dict;
  }
  return cast(value as Scalar);
}

function toInt(value: Scalar): Scalar | undefined {
  if (typeof value === 'string') {
    return /^\s*[+-]?\d+(_\d+)*\s*$/.test(value) ? safe(Number(value.replaceAll('_', ''))) : undefined;
  }
  if (value === null) return undefined;
  return safe(Math.trunc(Number(value instanceof Float ? value.value : value)));
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

function toFloat(value: Scalar): Scalar | undefined {
  if (value === null || value instanceof Float) return value ?? undefined;
  if (typeof value !== 'string') return new Float(Number(value));
  const text = value.trim().toLowerCase().replaceAll('_', '');
  if (/^[+-]?inf(inity)?$/.test(text)) return new Float(text.startsWith('-') ? -Infinity : Infinity);
  if (text === 'nan') return new Float(NaN);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) ? new Float(Number(text)) : undefined;
}

function toBool(value: Scalar): Scalar | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (value instanceof Float) return value.value !== 0;
  const text = value?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function toText(value: Scalar): Scalar {
  return value instanceof Float ? value.toString() : String(value);
}
