import { combineFlags } from '../flags.js';
import type { Node, Sequence } from '../parse/syntax.js';
import { union } from '../../unicode/code-point-set.js';
import type { CodePointSet } from '../../unicode/code-point-set.js';

/** The members of a node that takes exactly one character; undefined for other nodes. */
export type UnitSet = (node: Node, flags: number) => CodePointSet | undefined;

/** What a part can begin with. */
interface First {
  sets: CodePointSet[];
  /** It may match without taking a character: what follows counts too. */
  mayBeEmpty: boolean;
}

/** The characters that a match can begin with; undefined when it can be empty or begin with anything. */
export function firstSet(sequence: Sequence, flags: number, unit: UnitSet): CodePointSet | undefined {
  const first = firstOf(sequence, flags, unit);
  return first === undefined || first.mayBeEmpty ? undefined : union([...new Set(first.sets)]);
}

function firstOf(sequence: Sequence, flags: number, unit: UnitSet): First | undefined {
  const sets: CodePointSet[] = [];
  for (const node of sequence) {
    const first = firstOfNode(node, flags, unit);
    if (first === undefined) return undefined;
    sets.push(...first.sets);
    if (!first.mayBeEmpty) return { sets, mayBeEmpty: false };
  }
  return { sets, mayBeEmpty: true };
}

/** Undefined when it cannot be said. */
function firstOfNode(node: Node, flags: number, unit: UnitSet): First | undefined {
  const own = unit(node, flags);
  if (own !== undefined) return { sets: [own], mayBeEmpty: false };
  switch (node.type) {
    case 'fail':
      return { sets: [], mayBeEmpty: false };
    case 'at':
    case 'look':
      return { sets: [], mayBeEmpty: true };
    case 'branch': {
      const all = node.branches.map((branch) => firstOf(branch, flags, unit));
      if (!all.every((first) => first !== undefined)) return undefined;
      const mayBeEmpty = all.some((first) => first.mayBeEmpty);
      return { sets: all.flatMap(({ sets }) => sets), mayBeEmpty };
    }
    case 'group':
      return firstOf(node.body, combineFlags(flags, node.add, node.remove), unit);
    case 'atomic':
      return firstOf(node.body, flags, unit);
    case 'repeat': {
      const first = firstOf(node.body, flags, unit);
      return first && { sets: first.sets, mayBeEmpty: first.mayBeEmpty || node.min === 0 };
    }
    default:
      return undefined;
  }
}
