import type { Value } from '../../src/config/grammar/index.js';
import { Dict, Template } from '../../src/config/grammar/index.js';
import { Float } from '../../src/config/tree/index.js';

/** Text in single quotes such that parsing gives exactly it back. */
export function quoteText(text: string): string {
  return `'${text.replace(/(\\*)'/g, "$1$1\\'").replace(/(\\+)$/, '$1$1')}'`;
}

/** Writes a value so that parsing it gives an equal value; text is always quoted. */
export function printValue(value: Value): string {
  if (typeof value === 'string') return quoteText(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(',')}]`;
  if (value instanceof Dict) {
    return `{${value.entries.map((entry) => `${printKey(entry.key)}:${printValue(entry.value)}`).join(',')}}`;
  }
  if (value instanceof Template) {
    return quoteText(value.parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''));
  }
  return value instanceof Float ? value.toString() : String(value);
}

function printKey(key: unknown): string {
  if (typeof key !== 'string') return key instanceof Float ? key.toString() : String(key);
  return key.replace(/[\\()[\]{}:=,]|^[ \t]|[ \t]$/g, '\\$&');
}
