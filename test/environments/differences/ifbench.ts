import { breaks } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  breaks('a refusal as the first part of the last item', /has no attribute 'text'/),
  {
    why: 'parts of speech and syllables need the Python libraries: verify_unavailable',
    is: ({ row, response }) =>
      /words:(start_verb|odd_even_syllables)/.test(JSON.stringify(row['instruction_id_list'])) &&
      (response?.output.length ?? 0) > 0,
  },
];
export default differences;
