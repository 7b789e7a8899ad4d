import type { Case, Difference } from '../oracle.js';

const isFormat = ({ row }: Case, name: string): boolean =>
  typeof row['output_type'] === 'string' && row['output_type'].toLowerCase() === name;

const differences: readonly Difference[] = [
  {
    why: 'TOML needs the Python server: verify_unavailable',
    is: (one) => one.status === 200 && isFormat(one, 'toml'),
  },
  {
    why: 'YAML: the words for a syntax error are ours',
    is: (one) =>
      isFormat(one, 'yaml') &&
      /Scanner|Parser|Constructor|Composer/.test(JSON.stringify(one.verdict['error_message'] ?? null)),
  },
];
export default differences;
