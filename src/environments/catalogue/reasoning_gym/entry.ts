import { isObject } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';

/** A puzzle, as the library keeps it. */
export interface Entry {
  /** The answer that is known to be right; null where there are several, or none is stored. */
  answer: string | null;
  metadata: JsonObject;
}

/** Credit from 0 to 1 for the answer read out of a reply. Throws {@link Unscored} where the library raises. */
export type Scorer = (answer: string, entry: Entry) => number;

/** The library raises here, which the server takes for no credit. */
export class Unscored extends Error {}

/** The library's own code is needed to tell. */
export class NeedsLibrary extends Error {}

/** The right answer as a text. */
export function gold({ answer }: Entry): string {
  if (answer === null) throw new Unscored('the row has no answer');
  return answer;
}

export function textOf({ metadata }: Entry, key: string): string {
  return need(metadata[key], (value): value is string => typeof value === 'string', key);
}

export function numberOf({ metadata }: Entry, key: string): number {
  return need(metadata[key], (value): value is number => typeof value === 'number', key);
}

export function listOf<Item = unknown>({ metadata }: Entry, key: string): Item[] {
  return need(metadata[key], (value): value is Item[] => Array.isArray(value), key);
}

export function objectOf({ metadata }: Entry, key: string): JsonObject {
  return need(metadata[key], (value): value is JsonObject => isObject(value), key);
}

function need<Value>(value: unknown, fits: (value: unknown) => value is Value, key: string): Value {
  if (!fits(value)) throw new Unscored(`metadata has no such ${key}`);
  return value;
}
