import { notLookedAt } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';
import { isNoReply, takenKey } from '../oracle.js';

/** What is so in every environment. */
const differences: readonly Difference[] = [
  notLookedAt(),
  takenKey,
  {
    why: 'a row without a request and a reply that is none are refused before they are graded',
    is: isNoReply,
  },
];
export default differences;
