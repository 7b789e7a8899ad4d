import { strip } from './strings.js';
import { codePointSet } from './unicode/properties.js';

const INTEGER = /^[+-]?\d+(?:_\d+)*$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;

/** `int(text)`, undefined where Python raises; beyond 2^53 the nearest double. */
export function parseIntText(text: string): number | undefined {
  const plain = asciiDigits(strip(text));
  return INTEGER.test(plain) ? Number(plain.replaceAll('_', '')) + 0 : undefined;
}

/** `float(text)`, undefined where Python raises. */
export function parseFloatText(text: string): number | undefined {
  const plain = asciiDigits(strip(text));
  if (FLOAT.test(plain)) return Number(plain.replaceAll('_', ''));
  const [, sign, infinity] = SPECIAL.exec(plain) ?? [];
  if (sign === undefined) return undefined;
  return infinity === undefined ? NaN : sign === '-' ? -Infinity : Infinity;
}

/** Digits of every script as those of ASCII: each script's stand in a row of ten, the zero first. */
function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const decimal = codePointSet('decimal');
    const code = digit.codePointAt(0)!;
    if (!decimal.has(code)) return digit;
    let before = 0;
    while (decimal.has(code - before - 1)) before += 1;
    return String(before % 10);
  });
}
