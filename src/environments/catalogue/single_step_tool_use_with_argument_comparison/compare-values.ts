import { JsonNumber, lower, splitWords } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { CATEGORY } from './categories.js';
import type { Category } from './categories.js';

export interface Thresholds {
  word_count_similarity_threshold: number;
  floating_point_comparison_threshold: number;
}

/** Why a value is not the expected one; null when it is. The first difference counts, in the expected order. */
export function compareValues(expected: Lossless, actual: Lossless, limits: Thresholds): Category | null {
  if (!isOfType(actual, typeOf(expected))) return CATEGORY.type;
  if (expected instanceof Map) return compareObjects(expected, actual as Map<string, Lossless>, limits);
  if (Array.isArray(expected)) {
    const given = actual as Lossless[];
    if (expected.length !== given.length) return CATEGORY.length;
    return firstOf(expected, (value, index) => compareValues(value, given[index]!, limits));
  }
  return sameScalar(expected, actual, limits) ? null : CATEGORY.value;
}

function compareObjects(
  expected: ReadonlyMap<string, Lossless>,
  actual: ReadonlyMap<string, Lossless>,
  limits: Thresholds,
): Category | null {
  const keys = [...expected.keys()];
  if (keys.length !== actual.size || !keys.every((key) => actual.has(key))) return CATEGORY.keys;
  return firstOf(keys, (key) => compareValues(expected.get(key)!, actual.get(key)!, limits));
}

function firstOf<Item>(items: readonly Item[], look: (item: Item, index: number) => Category | null) {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== null) return found;
  }
  return null;
}

type PythonType = 'null' | 'bool' | 'int' | 'float' | 'str' | 'list' | 'dict';

function typeOf(value: Lossless): PythonType {
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return value.isFloat ? 'float' : 'int';
  if (value instanceof Map) return 'dict';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'boolean' ? 'bool' : 'str';
}

/** `isinstance`: a bool is an int too. */
function isOfType(value: Lossless, type: PythonType): boolean {
  const own = typeOf(value);
  return own === type || (own === 'bool' && type === 'int');
}

function sameScalar(expected: Lossless, actual: Lossless, limits: Thresholds): boolean {
  if (typeof expected === 'string') {
    return sameText(expected, actual as string, limits.word_count_similarity_threshold);
  }
  if (!(expected instanceof JsonNumber)) return expected === actual;
  if (expected.isFloat) {
    return (
      Math.abs((actual as JsonNumber).value - expected.value) < limits.floating_point_comparison_threshold
    );
  }
  const given = actual instanceof JsonNumber ? BigInt(actual.text) : BigInt(actual as boolean);
  return BigInt(expected.text) === given;
}

/**
 * A single word must be the same; texts of several must share enough words. The share is of the words of both texts
 * together, so equal texts have 0.5.
 */
function sameText(expected: string, actual: string, threshold: number): boolean {
  const [one, two] = [splitWords(lower(expected)), splitWords(lower(actual))];
  if (one.length < 2 || two.length < 2) return expected === actual;
  const left = new Map<string, number>();
  for (const word of one) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of two) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared += 1;
    left.set(word, count - 1);
  }
  return shared / (one.length + two.length) >= threshold;
}
