import { z } from 'zod';
import { lenientFloat, lenientInt, parseIntText, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { assistantText } from '../../kit/reply-text.js';

/** The number in the first `<best_solution>` after the last thought. */
function chosen(reply: string, thoughtMustEnd: boolean): number | undefined {
  if (thoughtMustEnd && !reply.includes('</think>')) return undefined;
  const [, ...rest] = strip(reply.split('</think>').at(-1)!).split('<best_solution>');
  if (rest.length === 0 || !reply.split('</think>').at(-1)!.includes('</best_solution>')) return undefined;
  const number = parseIntText(rest.join('<best_solution>').split('</best_solution>')[0]!);
  return number === 1 || number === 2 ? number : undefined;
}

/** The better of two proofs. */
export const proofGenselect = defineEnvironment({
  name: 'proof_genselect',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ assert_think_end: z.boolean().default(false) }),
  row: z.object({
    problem: z.string(),
    proof_1: z.string(),
    proof_2: z.string(),
    correct_index: lenientInt,
    score_1: lenientFloat.nullish(),
    score_2: lenientFloat.nullish(),
  }),
  verify: ({ row, response, config }) => ({
    reward: Number(chosen(assistantText(response), config.assert_think_end) === row.correct_index),
  }),
});
