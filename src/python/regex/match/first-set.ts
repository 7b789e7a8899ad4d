import { combineFlags } from '../flags.js';
import type { Node, Sequence } from '../parse/syntax.js';
import type { Ranges } from '../../unicode/code-point-set.js';
import { LAST_CODE_POINT } from '../../unicode/code-point-set.js';

interface First {
  ranges: Ranges;
  /** It may match without taking a character. */
  mayBeEmpty: boolean;
}

const ANYTHING: First = { ranges: [0, LAST_CODE_POINT], mayBeEmpty: true };

/** The members of a node that takes exactly one character. */
export type UnitRanges = (node: Node, flags: number) => Ranges | undefined;

/** The characters that a match can begin with; undefined when it can be empty or begin with anything. */
export function firstRanges(sequence: Sequence, flags: number, unit: UnitRanges): Ranges | undefined {
  const { ranges, mayBeEmpty } = ofSequence(sequence, flags, unit);
  return mayBeEmpty ? undefined : ranges;
}

function ofSequence(sequence: Sequence, flags: number, unit: UnitRanges): First {
  const ranges: number[] = [];
  for (const node of sequence) {
    const first = ofNode(node, flags, unit);
    ranges.push(...first.ranges);
    if (!first.mayBeEmpty) return { ranges, mayBeEmpty: false };
  }
  return { ranges, mayBeEmpty: true };
}

function ofNode(node: Node, flags: number, unit: UnitRanges): First {
  const own = unit(node, flags);
  if (own !== undefined) return { ranges: own, mayBeEmpty: false };
  switch (node.type) {
    case 'fail':
      return { ranges: [], mayBeEmpty: false };
    case 'at':
    case 'look':
      return { ranges: [], mayBeEmpty: true };
    case 'branch': {
      const all = node.branches.map((branch) => ofSequence(branch, flags, unit));
      return {
        ranges: all.flatMap(({ ranges }) => ranges),
        mayBeEmpty: all.some(({ mayBeEmpty }) => mayBeEmpty),
      };
    }
    case 'group':
      return ofSequence(node.body, combineFlags(flags, node.add, node.remove), unit);
    case 'atomic':
      return ofSequence(node.body, flags, unit);
    case 'repeat': {
      const { ranges, mayBeEmpty } = ofSequence(node.body, flags, unit);
      return { ranges, mayBeEmpty: mayBeEmpty || node.min === 0 };
    }
    default:
      return ANYTHING;
  }
}
