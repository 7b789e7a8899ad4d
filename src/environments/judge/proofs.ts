import { z } from 'zod';
import { parseFloatText, strip } from '../../python/index.js';
import { messages } from './ask.js';
import { judgeKeys } from './config.js';
import { askInFull } from './in-full.js';
import type { EnvironmentContext } from '../kit/definition.js';
import { assistantText } from '../kit/reply-text.js';

/* What the environments share that have proofs judged. */

export const MOST_OF_A_PROOF = 40_000;
export const MOST_OF_A_JUDGEMENT = 20_000;

/** The settings of a block about its judge. */
export const proofJudgeKeys = {
  judge_model_server: judgeKeys.judge_model_server,
  judge_model_name: z.string().default(''),
  temperature: z.number().default(0.6),
  top_p: z.number().default(0.95),
  max_tokens: z.number().int().default(100_000),
  assert_think_end: z.boolean().default(false),
};

type ProofJudgeConfig = z.infer<z.ZodObject<typeof proofJudgeKeys>>;

/** The score in the last `\boxed{…}`, up to its first closing brace: 0, 0.5 or 1; undefined for anything else. */
export function boxedScore(text: string): number | undefined {
  const start = text.lastIndexOf('\\boxed{') + '\\boxed{'.length;
  const end = start < '\\boxed{'.length ? -1 : text.indexOf('}', start);
  const score = end === -1 ? undefined : parseFloatText(strip(text.slice(start, end)));
  return score === 0 || score === 0.5 || score === 1 ? score : undefined;
}

/** What follows the last thought; undefined where a thought must have ended and none has. */
export function afterThought(text: string, mustEnd: boolean): string | undefined {
  if (mustEnd && !text.includes('</think>')) return undefined;
  return strip(text.split('</think>').at(-1)!);
}

/** The score that a judge gives to a prompt; 0 where it gives none. */
export async function judgedScore(
  context: EnvironmentContext<ProofJudgeConfig>,
  prompt: string,
): Promise<number> {
  const { judge_model_server: server, judge_model_name: model, ...settings } = context.config;
  const { reply } = await askInFull(context, messages(prompt), {
    model: model === '' ? server.name : model,
    temperature: settings.temperature,
    top_p: settings.top_p,
    max_output_tokens: settings.max_tokens,
  });
  return boxedScore(assistantText(reply)) ?? 0;
}
