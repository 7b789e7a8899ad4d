import { breaks, notLookedAt } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  notLookedAt(),
  breaks('a refusal as the first part of the last item', /has no attribute 'text'/),
];
export default differences;
