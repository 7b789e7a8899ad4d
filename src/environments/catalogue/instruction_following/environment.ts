import { z } from 'zod';
import { lenientInt } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { lastItemText } from '../../kit/reply-text.js';
import { followed } from './check.js';

const FIELDS = ['instruction_id_list', 'prompt', 'kwargs', 'grading_mode'] as const;

/** Older rows have the fields beside `verifier_metadata` instead of in it; those in it come first. */
const row = z.preprocess(
  (given) => {
    const source = given as Record<string, unknown>;
    const metadata = source['verifier_metadata'];
    if (
      metadata !== undefined &&
      metadata !== null &&
      (typeof metadata !== 'object' || Array.isArray(metadata))
    )
      return given;
    const merged: Record<string, unknown> = { ...metadata };
    for (const field of FIELDS) if (!(field in merged) && field in source) merged[field] = source[field];
    return { ...source, verifier_metadata: merged };
  },
  z.object({
    id: lenientInt,
    verifier_metadata: z.looseObject({
      instruction_id_list: z.array(z.unknown()),
      prompt: z.unknown().refine((value) => value !== undefined, 'is missing'),
      kwargs: z.array(z.unknown()),
      grading_mode: z.enum(['binary', 'fraction']).optional(),
    }),
  }),
);

/** Instructions that a program can check: form, words, lengths. */
export const instructionFollowing = defineEnvironment({
  name: 'instruction_following',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row,
  verify({ row: { verifier_metadata: task }, response }) {
    const list = followed(lastItemText(response) ?? '', task.instruction_id_list, task.kwargs);
    const all = list.every(Boolean);
    const share = list.length === 0 ? 0 : list.filter(Boolean).length / list.length;
    return {
      reward: (task.grading_mode ?? 'binary') === 'binary' ? Number(all) : share,
      follow_all_instructions: all,
      follow_instruction_list: list,
      verifier_metadata: task,
    };
  },
});
