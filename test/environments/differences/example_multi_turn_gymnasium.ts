import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'a row without an answer to look for, or whose follow-ups are no texts, fails before it is played',
    is: ({ row }) =>
      typeof row['expected_answer'] !== 'string' ||
      row['expected_answer'] === '' ||
      ('follow_ups' in row && !Array.isArray(row['follow_ups'])),
  },
];
export default differences;
