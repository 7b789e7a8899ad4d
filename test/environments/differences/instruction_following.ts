import { breaks } from '../difference-kinds.js';
import type { Difference } from '../oracle.js';

const idsOf = (row: Record<string, unknown>): string =>
  JSON.stringify(
    (row['verifier_metadata'] as { instruction_id_list?: unknown } | null)?.instruction_id_list ??
      row['instruction_id_list'] ??
      [],
  );

const differences: readonly Difference[] = [
  breaks('a refusal as the first part of the last item', /has no attribute 'text'/),
  {
    why: 'the language of a text without enough everyday words of English is not guessed: verify_unavailable',
    is: ({ case: name, row, response }) => {
      if (!/english_|response_language/.test(idsOf(row))) return false;
      const item = response?.output.at(-1) as { content?: { text?: string }[] } | undefined;
      const words = (item?.content?.[0]?.text ?? '').split(/\s+/).filter((word) => word !== '');
      return !name.startsWith('id_') && words.length > 0 && words.length < 6;
    },
  },
  {
    why: 'what a row leaves open is not drawn at random: row_invalid',
    is: ({ row }) => /"num_words":null/.test(JSON.stringify(row)),
  },
];
export default differences;
