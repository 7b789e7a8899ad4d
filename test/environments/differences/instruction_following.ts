import { breaks, unavailable } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  breaks('a refusal as the first part of the last item', /has no attribute 'text'/),
  unavailable(
    'the language of a text is not guessed where neither its script nor everyday words of English tell it',
    /"(?:change_case:english_\w+|language:response_language)" needs to know which language/,
  ),
  {
    why: 'what a row leaves open is not drawn at random: row_invalid',
    is: ({ row }) => /"num_words":null/.test(JSON.stringify(row)),
  },
];
export default differences;
