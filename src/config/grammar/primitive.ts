import type { Scalar } from '../tree/index.js';
import { Float } from '../tree/index.js';

const UNSIGNED = '(?:0|[1-9](?:_?[0-9])*)';
const POINT = `(?:${UNSIGNED}\\.|(?:${UNSIGNED})?\\.[0-9](?:_?[0-9])*)`;
const EXPONENT = `(?:${POINT}|${UNSIGNED})[eE][+-]?[0-9](?:_?[0-9])*`;
const INT = new RegExp(`^[+-]?${UNSIGNED}$`);
const FLOAT = new RegExp(`^[+-]?(?:${EXPONENT}|${POINT}|[Ii][Nn][Ff]|[Nn][Aa][Nn])$`);

/**
 * The type of an unquoted word, by Hydra 1.3's rules: whole numbers without leading zeros, floats, `true`,
 * `false` and `null` in any case; everything else is text. Undefined for a whole number that JavaScript
 * cannot hold exactly.
 */
export function typed(word: string): Scalar | undefined {
  if (INT.test(word)) {
    const value = Number(word.replaceAll('_', ''));
    return Number.isSafeInteger(value) ? value + 0 : undefined;
  }
  if (FLOAT.test(word)) return new Float(floatValue(word));
  switch (word.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return word;
  }
}

function floatValue(word: string): number {
  const lower = word.replaceAll('_', '').toLowerCase();
  if (lower.endsWith('inf')) return lower.startsWith('-') ? -Infinity : Infinity;
  return lower.endsWith('nan') ? NaN : Number(lower);
}
