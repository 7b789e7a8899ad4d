import { isObject } from '../../protocol/index.js';

/** Half a character that comes alone cannot be written as UTF-8; each of the three bytes it would have had is replaced. */
const REPLACED = '\ufffd'.repeat(3);

/** A value with texts that can be written, keys too. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, REPLACED);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), wellFormed(item)]));
}
