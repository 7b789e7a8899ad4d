import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'no distance can be measured to a target that is not a number: the rollout fails; there, the reward is null',
    is: ({ row, verdict }) => /nan/i.test(row['expected_answer'] as string) && verdict['reward'] === null,
  },
];
export default differences;
