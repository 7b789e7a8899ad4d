import { notLookedAt } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  notLookedAt(),
  {
    why: 'integers beyond 2^53 in a dataset row are read as the nearest double',
    is: ({ row }) => /[:\s[]-?\d{16,}[,\]}]/.test(JSON.stringify(row['expected_answers'])),
  },
];
export default differences;
