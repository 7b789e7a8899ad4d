import { isObject, type JsonObject } from '../../../protocol/index.js';
import type { Prices } from '../ledger.js';

/** `{input: 0.5, output: 1.5}`: dollars for a million tokens. Throws Error. */
export function readPrices(given: JsonObject): Prices | null {
  if (Object.keys(given).length === 0) return null;
  const { input, output, ...others } = given;
  const fits = [input, output].every((value) => typeof value === 'number' && value >= 0);
  if (!isObject(given) || !fits || Object.keys(others).length > 0)
    throw new Error('prices must have input and output, in dollars for a million tokens');
  return { input: input as number, output: output as number };
}
