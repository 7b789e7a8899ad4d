import type { Scalar } from '../tree/index.js';
import { Float } from '../tree/index.js';

const BOOLEAN: Record<string, boolean> = {
  ...Object.fromEntries(
    ['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true]),
  ),
  ...Object.fromEntries(
    ['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((w) => [w, false]),
  ),
};
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const FLOAT =
  /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Why a plain YAML scalar is refused rather than guessed at. */
export type Refusal = 'sexagesimal' | 'too_large';

/**
 * The type of an unquoted YAML scalar, as PyYAML's safe loader with OmegaConf's changes reads it: YAML 1.1
 * booleans, octal `010`, `0x1f`, `0b1`, underscores, floats without a dot (`1e3`); dates stay text. Base-60
 * numbers (`12:30` = 750 to PyYAML) are refused, as are whole numbers that JavaScript cannot hold exactly.
 */
export function readPlainScalar(text: string): { value: Scalar } | { refused: Refusal } {
  if (Object.hasOwn(BOOLEAN, text)) return { value: BOOLEAN[text]! };
  if (NULLS.has(text)) return { value: null };
  const int = readInt(text);
  if (int !== undefined) return Number.isSafeInteger(int) ? { value: int + 0 } : { refused: 'too_large' };
  if (FLOAT.test(text)) return { value: new Float(Number(text.replaceAll('_', ''))) };
  if (INFINITE.test(text)) return { value: new Float(text.startsWith('-') ? -Infinity : Infinity) };
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return { value: new Float(NaN) };
  if (SEXAGESIMAL.test(text)) return { refused: 'sexagesimal' };
  return { value: text };
}

/** PyYAML's integer forms, longest prefix first; undefined when the text is none of them. */
function readInt(text: string): number | undefined {
  const match = /^([-+]?)(0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*)$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2]!.replaceAll('_', '');
  const octal = digits.length > 1 && /^0[0-7]+$/.test(digits);
  return (match[1] === '-' ? -1 : 1) * Number(octal ? `0o${digits.slice(1)}` : digits);
}
