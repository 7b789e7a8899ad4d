import type { CodePointSet } from '../../unicode/code-point-set.js';

/** Instructions of the matcher; their operands follow them in the code. `tail` is where a construct goes on. */
export const Op = {
  /** The whole pattern matched. */
  end: 0,
  /** A look-around, atomic group or round of a possessive repeat matched. */
  subEnd: 1,
  /** code point */
  character: 2,
  /** number of the set */
  set: 3,
  /** Number of the mark: 2 × (group - 1) at its start, one more at its end. */
  mark: 4,
  /** number of the place */
  at: 5,
  /** The set of word characters. */
  boundary: 22,
  noBoundary: 23,
  /** target */
  jump: 6,
  fail: 7,
  /** count, then for each branch: the set that it begins with or -1, its address */
  branch: 8,
  /** set, min, max, the character that follows or -1 */
  greedySet: 9,
  lazySet: 10,
  possessiveSet: 11,
  /** Address of its `greedyUntil` or `lazyUntil`; the body follows. */
  repeat: 12,
  /** min, max, address of the body */
  greedyUntil: 13,
  lazyUntil: 14,
  /** min, max, tail; the body follows, closed by `subEnd` */
  possessive: 15,
  /** The body follows, closed by `subEnd`. */
  atomic: 16,
  /** How many characters back; the body follows, closed by `subEnd`. */
  look: 17,
  /** How many characters back, tail; the body follows, closed by `subEnd`. */
  lookNot: 18,
  /** mark of the group's start */
  reference: 19,
  /** mark of the group's start, 0 for ASCII and 1 for Unicode folding */
  referenceFolded: 20,
  /** mark of the group's start, where to go when it took no part */
  conditional: 21,
} as const;

/** Places, by number. */
export const At = { textStart: 0, textEnd: 1, lineStart: 2, lineEnd: 3, end: 4 } as const;

/** A count that ends only with the text. */
export const NO_MAXIMUM = -1;

/** A pattern made ready for the matcher. */
export interface Program {
  readonly pattern: string;
  readonly code: Int32Array;
  readonly sets: readonly CodePointSet[];
  readonly groups: number;
  /** What a match begins with; undefined when a match may be empty or begin with anything. */
  readonly first: CodePointSet | undefined;
  /** The fewest characters of a match. */
  readonly minWidth: number;
  /** A match begins only at the start of the text. */
  readonly anchored: boolean;
}
