import type { Difference } from '../oracle.js';
import { crash } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'a click at infinity is a click outside; it breaks the reference',
    is: (one) => crash(one).startsWith('OverflowError'),
  },
];
export default differences;
