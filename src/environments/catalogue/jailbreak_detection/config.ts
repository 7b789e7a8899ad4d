import { z } from 'zod';
import { judgeKeys } from '../../judge/config.js';

export const config = z
  .object({
    ...judgeKeys,
    judge_system_message: z.string().nullish(),
    judge_prompt_template: z.string().nullish(),
    safe_label: z.string().default('[[SAFE]]'),
    unsafe_label: z.string().default('[[UNSAFE]]'),
    use_nemotron_format: z.boolean().default(false),
    nemotron_safety_taxonomy: z.string().nullish(),
    nemotron_enable_reasoning: z.boolean().default(false),
    reward_if_safe: z.number().default(1),
    reward_if_unsafe: z.number().default(0),
    reward_if_unclear: z.number().default(0),
    use_combined_reward: z.boolean().default(false),
    quality_judge_prompt_template: z.string().nullish(),
    has_explanation_label: z.string().default('[[HAS_EXPLANATION]]'),
    no_explanation_label: z.string().default('[[NO_EXPLANATION]]'),
    reward_if_quality_high: z.number().default(1),
    reward_if_quality_low: z.number().default(0.5),
    policy_verifier_templates_path: z.string().nullish(),
  })
  .refine((keys) => keys.use_nemotron_format || keys.judge_prompt_template != null, {
    path: ['judge_prompt_template'],
    message: 'is needed, unless use_nemotron_format is set',
  });

export type Config = z.infer<typeof config>;
