import { unavailable } from '../difference-kinds.js';
import type { Case, Difference } from '../oracle.js';

const isFormat = ({ row }: Case, name: string): boolean =>
  typeof row['output_type'] === 'string' && row['output_type'].toLowerCase() === name;

const differences: readonly Difference[] = [
  unavailable('TOML needs the Python server', /TOML/),
  {
    why: 'YAML: the words for a syntax error are ours',
    is: (one) =>
      isFormat(one, 'yaml') &&
      /Scanner|Parser|Constructor|Composer/.test(JSON.stringify(one.verdict['error_message'] ?? null)),
  },
];
export default differences;
