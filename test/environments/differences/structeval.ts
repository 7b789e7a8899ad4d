import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'TOML needs the Python server: verify_unavailable',
    is: ({ row, status }) => status === 200 && String(row['output_type']).toLowerCase() === 'toml',
  },
  {
    why: 'YAML: the words for a syntax error are ours',
    is: ({ row, verdict }) =>
      String(row['output_type']).toLowerCase() === 'yaml' &&
      /Scanner|Parser|Constructor|Composer/.test(String(verdict['error_message'])),
  },
];
export default differences;
