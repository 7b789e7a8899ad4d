import { errors } from '../../errors/index.js';
import type { Value } from '../grammar/index.js';
import { Cursor, parseElement } from '../grammar/index.js';
import { maskSourceLine } from '../redact/index.js';
import { callFunction, SWEEP_FIX } from './functions.js';
import { readKey } from './key.js';
import type { Dialect } from '../grammar/index.js';

/** One command-line override as Hydra 1.3 reads it. */
export interface Override {
  /** `+key=`, `++key=`, `key=`, `~key`. */
  operation: 'add' | 'force_add' | 'change' | 'delete';
  /** Dotted path; empty for `=x`. */
  key: string;
  /** Undefined only for `~key`. */
  value: Value | undefined;
  /** The token as typed. */
  text: string;
}

const DIALECT: Dialect = {
  unquoted: /[/\-\\+.$%*@?|:]/,
  interpolation(cursor) {
    const raw = cursor.match(/\$\{[^{}]+\}/y);
    if (raw !== '') return raw;
    return cursor.fail('this interpolation cannot stand unquoted', 'Quote the value: \'key="${a.${b}}"\'.');
  },
  // Text inside quotes is interpolated later and may hold any `${…}`, so it is kept letter by letter.
  quotedInterpolation: (cursor) => cursor.match(/\$\{/y),
  call: callFunction,
};

/** Parses one token. Throws an NgError that shows the token with a mark at the column that is wrong. */
export function parseOverride(text: string): Override {
  const cursor = new Cursor(text, (column, problem, fix) => {
    throw errors.configOverrideSyntax(maskSourceLine(text, column), column, problem, fix);
  });
  const operation = cursor.take('++')
    ? 'force_add'
    : cursor.take('+')
      ? 'add'
      : cursor.take('~')
        ? 'delete'
        : 'change';
  const key = readKey(cursor);
  if (operation === 'delete' && cursor.done) return { operation, key, value: undefined, text };
  if (!cursor.take('=')) {
    cursor.fail(
      '"=" expected after the key',
      'Write +key=value; a key has letters, digits, "_", "-", "$" and dots.',
    );
  }
  cursor.skipSpace();
  return { operation, key, value: cursor.done ? '' : readValue(cursor), text };
}

function readValue(cursor: Cursor): Value {
  const value = parseElement(cursor, DIALECT);
  cursor.skipSpace();
  if (cursor.done) return value;
  if (cursor.peek() === ',') {
    return cursor.fail('a comma outside brackets and quotes asks for several runs', SWEEP_FIX);
  }
  if (cursor.peek() === '=') {
    return cursor.fail('"=" cannot stand unquoted in a value', 'Write \'key="a=b"\' or escape it as "\\=".');
  }
  return cursor.fail(
    `${JSON.stringify(cursor.peek())} cannot stand unquoted here`,
    'Put the value in quotes inside the argument: \'key="…"\'.',
  );
}
