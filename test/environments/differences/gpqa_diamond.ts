import type { JsonObject } from '../../../src/protocol/index.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'a list of patterns is tried in order, and null means that there is none; both break the reference',
    is: ({ row, status }) =>
      status === 500 && typeof (row['template_metadata'] as JsonObject | null)?.['output_regex'] !== 'string',
  },
];
export default differences;
