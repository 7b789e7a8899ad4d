import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'a word to be found that is none of the list fails the row before it is played (there, 400 at the reset)',
    is: ({ reset }) => reset !== undefined && reset.status !== 200,
  },
];
export default differences;
