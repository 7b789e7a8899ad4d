import { z } from 'zod';
import { judgeKeys, JUDGE_OPERATIONAL } from '../../judge/config.js';
import type { JsonObject, PassMajority } from '../../../protocol/index.js';
import { allAtHighestK, pick } from '../key-metrics.js';
import type { LibraryVerdict } from './grade.js';

/* What servers have in common that ask math-verify first, and a judge where it says no. */

/** Their keys of a block. */
export const mathConfig = {
  ...judgeKeys,
  should_use_judge: z.boolean().default(true),
  library_verifier_timeout_seconds: z.number().positive().default(10),
  library_verifier_max_concurrency: z.number().int().positive().default(32),
};

/** Those of them that decide no reward. */
export const MATH_OPERATIONAL: readonly string[] = [...JUDGE_OPERATIONAL, 'library_verifier_max_concurrency'];

/** Their keys of a row. */
export const mathRow = { question: z.string(), expected_answer: z.string() };

/** Keys of a verdict: `evaluations` null where no judge was asked. */
export function mathVerdict(
  { reward: libraryReward, extracted }: LibraryVerdict,
  judged: { readonly equal: boolean; readonly evaluations: readonly JsonObject[] } | null = null,
): JsonObject & { reward: number } {
  return {
    reward: judged === null ? libraryReward : Number(judged.equal),
    extracted_answer: extracted,
    library_reward: libraryReward,
    judge_evaluations: judged === null ? null : [...judged.evaluations],
  };
}

/** What the library says, and what the judge of those that were judged. */
export const MATH_SCORES: PassMajority['scores'] = {
  symbolic_accuracy: 'library_reward',
  judge_accuracy: ({ judge_evaluations: evaluations, reward }) =>
    evaluations == null ? Number.NaN : Number(reward),
};

/** Tokens, averages, pass@k and majority@k at the largest k. */
export function mathHeadline(metrics: JsonObject): JsonObject {
  return {
    ...pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...allAtHighestK(metrics, 'pass@1[avg-of-{k}]'),
    ...allAtHighestK(metrics, 'pass@{k}', ['no_answer']),
    ...allAtHighestK(metrics, 'majority@{k}', ['no_answer']),
  };
}
