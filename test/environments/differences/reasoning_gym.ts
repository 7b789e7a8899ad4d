import { unavailable } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const answerTo = (...datasets: string[]): RegExp =>
  new RegExp(`An answer to "(?:${datasets.join('|')})" needs`);

const differences: readonly Difference[] = [
  unavailable(
    'datasets that only the Python library can score',
    answerTo('boxnet', 'composite', 'propositional_logic', 'rubiks_cube', 'rush_hour'),
  ),
  unavailable(
    'other formulas, other JSON and words that the row does not show',
    answerTo(
      'codeio',
      'simple_integration',
      'intermediate_integration',
      'countdown',
      'polynomial_multiplication',
      'word_ladder',
    ),
  ),
];
export default differences;
