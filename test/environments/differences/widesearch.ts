import { unavailable } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  unavailable('a text that is no plain date needs the Python library', /date/),
];
export default differences;
