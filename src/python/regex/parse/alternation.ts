import { itemKey, uniqueItems } from './parse-set.js';
import type { Node, Sequence, SetItem } from './syntax.js';

/**
 * `a|b|c` as one sequence. What all branches begin with is moved before them, and branches of one character each
 * are a set: as Python does it, because the order in which groups are forgotten on backtracking depends on it.
 */
export function joinBranches(branches: Sequence[]): Sequence {
  if (branches.length === 1) return branches[0]!;
  const joined: Sequence = [];
  for (;;) {
    const [first] = branches[0]!;
    const key = first === undefined ? undefined : simpleKey(first);
    if (key === undefined || !branches.every(([node]) => node !== undefined && simpleKey(node) === key))
      break;
    joined.push(first!);
    for (const branch of branches) branch.shift();
  }
  const items = branches.map(asItems);
  const set = items.every((item) => item !== undefined) ? uniqueItems(items.flat()) : undefined;
  joined.push(set === undefined ? { type: 'branch', branches } : { type: 'set', negated: false, items: set });
  return joined;
}

/** Equal for nodes that are the same; undefined for what is never taken as the same. */
function simpleKey(node: Node): string | undefined {
  switch (node.type) {
    case 'character':
      return `${node.negated ? '^' : ''}${node.code}`;
    case 'any':
    case 'fail':
      return node.type;
    case 'at':
      return node.place;
    case 'set':
      return `[${node.negated ? '^' : ''}${node.items.map(itemKey).join(',')}]`;
    case 'reference':
      return `\\${node.group}`;
    default:
      return undefined;
  }
}

function asItems(branch: Sequence): SetItem[] | undefined {
  const [node] = branch;
  if (branch.length !== 1 || node === undefined) return undefined;
  if (node.type === 'character' && !node.negated) return [{ type: 'character', code: node.code }];
  return node.type === 'set' && !node.negated ? node.items : undefined;
}
