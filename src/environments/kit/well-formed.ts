import { isObject } from '../../protocol/index.js';

/** Half a character that comes alone cannot be written as UTF-8; each of the three bytes it would have had is replaced. */
const REPLACED = '\ufffd'.repeat(3);

/** A value as it can be written as JSON in UTF-8: half characters are replaced, in keys too; a number that is none is null. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, REPLACED);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), wellFormed(item)]));
}
