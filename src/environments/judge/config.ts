import { z } from 'zod';
import type { JsonObject } from '../../protocol/index.js';

const concurrency = z.number().int().positive().nullish();

/** The keys of a block that say whom to ask and how: of every server with a judge. */
export const judgeKeys = {
  judge_model_server: z.looseObject({ type: z.string(), name: z.string() }),
  /** Sampling settings and the like; `input` is set anew for every request. */
  judge_responses_create_params: z.looseObject({}).transform((params) => params as JsonObject),
  /** Most requests at a time; null or absent = no limit of the environment's. */
  judge_endpoint_max_concurrency: concurrency,
};

/** What of a configuration the judge module reads. */
export interface JudgeConfig {
  readonly judge_model_server: { readonly name: string };
  readonly judge_responses_create_params?: JsonObject;
  readonly judge_endpoint_max_concurrency?: number | null | undefined;
}

/** Keys of {@link judgeKeys} that decide no reward. */
export const JUDGE_OPERATIONAL: readonly string[] = ['judge_endpoint_max_concurrency'];
