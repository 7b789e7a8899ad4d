import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  { why: 'TOML needs the Python server: verify_unavailable', is: ({ row }) => row['schema_type'] === 'toml' },
  {
    why: 'YAML: the words for a syntax error are ours; dates and tabs between tokens are read otherwise',
    is: ({ row, verdict }) =>
      row['schema_type'] === 'yaml' &&
      /Scanner|Parser|Constructor|Composer|datetime\./.test(JSON.stringify(verdict['error_message'] ?? null)),
  },
  {
    why: 'schemas with a discriminator are not supported: row_invalid',
    is: ({ row }) => JSON.stringify(row['schema_str'] ?? null).includes('discriminator'),
  },
];
export default differences;
