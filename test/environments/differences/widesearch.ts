import { readTable } from '../../../src/environments/catalogue/widesearch/table.js';
import { assistantParts } from '../../../src/environments/kit/reply-text.js';
import { breaks } from '../difference-kinds.js';
import type { Case, Difference } from '../oracle.js';

/** The cells of a reply that are graded as dates. */
function dates({ row, response, status }: Case): string[] {
  const table = status === 200 && response ? readTable(assistantParts(response)) : undefined;
  const pipelines = (row['evaluation'] as { eval_pipeline?: Record<string, { metric?: string[] }> } | null)
    ?.eval_pipeline;
  const columns = Object.entries(pipelines ?? {}).filter(([, { metric }]) => metric?.includes('date_near'));
  return (table?.rows ?? []).flatMap((cells) => columns.flatMap(([column]) => cells[column] ?? []));
}

const differences: readonly Difference[] = [
  breaks('a missing cell, which has no text', /got 'float'/),
  {
    why: 'a text that is no plain date needs the Python library: verify_unavailable',
    is: (one) => dates(one).some((text) => !/\d{4}/.test(text)),
  },
];
export default differences;
