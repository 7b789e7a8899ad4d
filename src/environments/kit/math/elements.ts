import { sameTree } from './tree.js';
import type { MathValue } from './tree.js';

/** The elements of a set as they were written, each once. */
export function elementsInOrder(args: readonly MathValue[]): MathValue[] {
  const kept: MathValue[] = [];
  for (const one of args) if (!kept.some((other) => sameTree(other, one))) kept.push(one);
  return kept;
}
