import type { Node } from '../tree/index.js';
import { children } from '../tree/index.js';

/** Far beyond any configuration that a person wrote, far below what exhausts stack or memory. */
export const LIMITS = {
  /** Values that lead to one another by reference or nesting. */
  depth: 500,
  /** Characters of one text. */
  text: 10_000_000,
  /** Values below one value, those that are shared counted each time. */
  values: 1_000_000,
} as const;

const sizes = new WeakMap<Node, number>();

/** How many values lie below a node, each counted as often as it is reached: a few lines can stand for billions. */
export function sizeOf(node: Node): number {
  if (node.kind === 'scalar') return 1;
  const known = sizes.get(node);
  if (known !== undefined) return known;
  let size = 1;
  for (const [, value] of children(node)) size += sizeOf(value);
  sizes.set(node, size);
  return size;
}
