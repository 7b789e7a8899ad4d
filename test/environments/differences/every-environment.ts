import { notLookedAt } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';
import { crash } from '../oracle.js';

/** What is so in every environment. */
const differences: readonly Difference[] = [
  notLookedAt(),
  {
    why: 'a row key with the name of one that the verifier sets breaks the reference; here the row is graded',
    is: (one) => crash(one).includes('got multiple values for keyword argument'),
  },
];
export default differences;
