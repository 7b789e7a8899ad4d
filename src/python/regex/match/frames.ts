/** What a frame on the stack is for: what happens when what came after it fails. */
export const Frame = {
  branch: 0,
  greedySet: 1,
  lazySet: 2,
  repeat: 3,
  round: 4,
  greedyRound: 5,
  tail: 6,
  lazyTail: 7,
  lazyRound: 8,
  possessiveRound: 9,
  atomic: 10,
  look: 11,
  lookNot: 12,
} as const;

/** Instead of an address: this way failed, go on with the frame on top. */
export const FAILED = -1;
