import { isPrintable } from '../character-tests.js';
import type { Lossless } from '../lossless-json.js';
import { JsonNumber, pythonFloat } from '../lossless-json.js';

const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function hexEscape(char: string): string {
  const code = char.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    if (char === quote) out += `\\${char}`;
    else if (char in ESCAPES) out += ESCAPES[char]!;
    else if (!isPrintable(char)) out += hexEscape(char);
    else out += char;
  }
  return out + quote;
}

/** Python's `repr()` of a value read from JSON. */
export function pythonRepr(value: Lossless): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return reprString(value);
  if (value instanceof JsonNumber) return value.isFloat ? pythonFloat(value.value) : value.text;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  return `{${[...value].map(([key, item]) => `${reprString(key)}: ${pythonRepr(item)}`).join(', ')}}`;
}

/** Python's `str()` of a value read from JSON. */
export function pythonStr(value: Lossless): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** Python's `ascii()`: `repr()` with everything outside ASCII escaped. */
export function pythonAscii(value: Lossless): string {
  return pythonRepr(value).replace(/[^\0-\x7f]/gu, hexEscape);
}
