import type { JsonObject } from '../../../src/protocol/index.js';
import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'null means absent: for a grading mode and for a pattern',
    is: ({ row }) =>
      row['grading_mode'] === null ||
      (row['template_metadata'] as JsonObject | null)?.['output_regex'] === null,
  },
  {
    why: 'keys that grading does not use are not looked at',
    is: ({ status, verdict }) => {
      const detail = status === 422 ? (verdict['detail'] as { loc: string[] }[]) : [];
      return detail.some(({ loc }) => ['uuid', 'metadata', 'responses_create_params'].includes(loc[1]!));
    },
  },
  {
    why: 'a row without a right answer cannot be graded: it fails instead of scoring 0',
    is: ({ row }) => ['', undefined, null].includes(row['expected_answer'] as string | null | undefined),
  },
];
export default differences;
