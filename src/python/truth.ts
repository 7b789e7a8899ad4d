import { JsonNumber } from './lossless-json.js';

/** `bool(value)` of a value of JSON: nothing, zero and what is empty are false. */
export function isTrue(value: unknown): boolean {
  if (value instanceof JsonNumber) return value.value !== 0;
  if (value instanceof Map) return value.size > 0;
  if (typeof value === 'number') return value !== 0;
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

/** `type(value).__name__` of a value of JSON; a number with nothing after the point counts as `int`. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (value instanceof JsonNumber) return value.isFloat ? 'float' : 'int';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'str';
  return Array.isArray(value) ? 'list' : 'dict';
}
