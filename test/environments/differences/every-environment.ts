import { notLookedAt } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';
import { takenKey } from '../oracle.js';

/** What is so in every environment. */
const differences: readonly Difference[] = [notLookedAt(), takenKey];
export default differences;
