import type { Cursor } from '../grammar/index.js';

const SEGMENT = '(?:[A-Za-z_$][A-Za-z0-9_$-]*|0|[1-9](?:_?[0-9])*)';
const DOTTED = new RegExp(`${SEGMENT}(?:\\.${SEGMENT})+`, 'y');
const GROUP = /[A-Za-z_][A-Za-z0-9_-]*(?:\/[A-Za-z_][A-Za-z0-9_-]*)+/y;
const SINGLE = /[A-Za-z_$][A-Za-z0-9_$-]*/y;

const MAX_PARTS = 100;

/** Reads a key: a dotted path, or `a/b` as one literal name; empty before `=`. */
export function readKey(cursor: Cursor): string {
  const key = cursor.match(GROUP) || cursor.match(DOTTED) || cursor.match(SINGLE);
  if (cursor.peek() === '@') {
    cursor.fail('packages ("@") have no meaning here', 'Give the full dotted path instead: +a.b=value.');
  }
  if (key.split('.').length > MAX_PARTS) {
    cursor.fail(`a key of more than ${MAX_PARTS} parts`, 'Put the values into a file.');
  }
  if (cursor.done || cursor.peek() === '=') return key;
  if (cursor.peek() === '[') {
    cursor.fail(
      'a key cannot have brackets',
      'Write list positions with dots (a.0.b), or give the whole list.',
    );
  }
  return cursor.fail(
    `${JSON.stringify(cursor.peek())} cannot stand in a key`,
    'A key has letters, digits, "_", "-" and "$", with dots between names; no name begins with a digit.',
  );
}
