import { codePointSet } from './unicode/properties.js';

const INTEGER = /^[+-]?\d+(?:_\d+)*$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;

/** `int(text)`, undefined where Python raises; beyond 2^53 the nearest double. */
export function parseIntText(text: string): number | undefined {
  const plain = asciiDigits(text);
  return INTEGER.test(plain) ? Number(plain.replaceAll('_', '')) + 0 : undefined;
}

/** `float(text)`, undefined where Python raises. */
export function parseFloatText(text: string): number | undefined {
  const plain = asciiDigits(text);
  if (FLOAT.test(plain)) return Number(plain.replaceAll('_', ''));
  const [, sign, infinity] = SPECIAL.exec(plain) ?? [];
  if (sign === undefined) return undefined;
  return infinity === undefined ? NaN : sign === '-' ? -Infinity : Infinity;
}

/**
 * Without white space around it, digits of every script as those of ASCII: each script's stand in a row of ten, the
 * zero first. White space is that of C, and what Unicode adds to it beyond ASCII: not `\x1c` to `\x1f`, which
 * `strip()` takes off.
 */
function asciiDigits(text: string): string {
  const decimal = codePointSet('decimal');
  const space = codePointSet('space');
  const plain = text.replace(/[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0)!;
    if (space.has(code)) return ' ';
    if (!decimal.has(code)) return character;
    let before = 0;
    while (decimal.has(code - before - 1)) before += 1;
    return String(before % 10);
  });
  return plain.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}
