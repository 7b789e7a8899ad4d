import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'a click at infinity is a click outside; it breaks the reference',
    is: ({ status, verdict }) => status === 500 && String(verdict).startsWith('OverflowError'),
  },
];
export default differences;
