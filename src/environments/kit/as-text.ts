import { parseLossless, pythonStr } from '../../python/index.js';

/** `str()` of a value of a row. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : pythonStr(parseLossless(JSON.stringify(value)));
}
