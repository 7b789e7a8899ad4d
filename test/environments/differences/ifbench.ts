import { breaks, unavailable } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  breaks('a refusal as the first part of the last item', /has no attribute 'text'/),
  unavailable(
    'parts of speech and syllables need the Python libraries',
    /"words:(?:start_verb|odd_even_syllables)"/,
  ),
];
export default differences;
