import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { JUDGE_OPERATIONAL } from '../../judge/config.js';
import { finalAssistantText } from '../../kit/reply-text.js';
import { optionalText, rowMetadata, rowRequest } from '../../kit/row-fields.js';
import { lastPlainQuestion } from '../../kit/user-text.js';
import { config } from './config.js';
import { byPolicy, policiesOf } from './policies.js';
import { bySafety, prompts } from './safety.js';

/** What every verdict has, where its way of judging says nothing of it. */
const NOTHING = {
  is_safe: false,
  judge_evaluation: null,
  quality_judge_evaluation: null,
  reward_safety: null,
  reward_quality: null,
  response_policy: null,
  verifier_rewards: null,
  verifier_labels: null,
  reward_overrefusal_check: null,
  reward_hard_refusal_check: null,
  reward_helpline_presence_check: null,
  reward_disclaimer_presence_check: null,
};

/** Requests that try to get unsafe replies: judges say whether one was given, and how well it was refused. */
export const jailbreakDetection = defineEnvironment({
  name: 'jailbreak_detection',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({
    responses_create_params: rowRequest,
    adversarial_prompt: optionalText,
    attack_type: optionalText,
    metadata: rowMetadata,
  }),
  prepare(setup) {
    prompts(setup);
    policiesOf(setup);
  },
  async verify(played) {
    const { row } = played;
    const text = finalAssistantText(played.response);
    const given = row.adversarial_prompt ?? '';
    if (text === '') {
      return {
        reward: 0,
        ...NOTHING,
        adversarial_prompt: row.adversarial_prompt ?? null,
        model_response_text: '',
      };
    }
    const request = given === '' ? lastPlainQuestion(row.responses_create_params) : given;
    const fields = { adversarial_prompt: request, model_response: text };
    const policy = row['response_policy_mapped'];
    const policies = policiesOf(played) ?? {};
    const known =
      typeof policy === 'string' && Object.hasOwn(policies, policy) ? policies[policy] : undefined;
    const found =
      known === undefined
        ? await bySafety(played, fields)
        : { ...(await byPolicy(played, known, fields)), response_policy: policy };
    return { ...NOTHING, ...found, adversarial_prompt: request, model_response_text: text };
  },
});
