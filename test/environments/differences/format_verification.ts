import { notLookedAt } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [notLookedAt()];
export default differences;
