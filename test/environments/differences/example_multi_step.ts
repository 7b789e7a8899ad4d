import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'arguments that cannot be read, and values that are no integers, break the reference; here they are wrong',
    is: ({ status }) => status === 500,
  },
];
export default differences;
