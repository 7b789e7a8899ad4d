import { JsonNumber } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';

export const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

/** Whether a value is of a type of JSON Schema; `5.0` is an integer too. */
export function isType(value: Lossless, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'boolean' || type === 'string') return typeof value === type;
  if (type === 'object') return value instanceof Map;
  if (type === 'array') return Array.isArray(value);
  if (!(value instanceof JsonNumber)) return false;
  return type === 'number' || !value.isFloat || Number.isInteger(value.value);
}
