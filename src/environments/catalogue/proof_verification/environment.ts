import { z } from 'zod';
import { characters, lenientFloat } from '../../../python/index.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import {
  afterThought,
  boxedScore,
  judgedScore,
  MOST_OF_A_JUDGEMENT,
  MOST_OF_A_PROOF,
  proofJudgeKeys,
} from '../../judge/proofs.js';
import { assistantText } from '../../kit/reply-text.js';

const config = z.object({
  ...proofJudgeKeys,
  judge_prompt_path: z.string().default('prompt_templates/meta-verifier.yaml'),
});
type Config = z.infer<typeof config>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, {
    server: 'proof_verification',
    file: setup.config.judge_prompt_path,
    read: { key: 'user' },
  });

/** Judgements of proofs: how near their score is to the right one, and whether a judge finds that they agree with it. */
export const proofVerification = defineEnvironment({
  name: 'proof_verification',
  version: 1,
  reverifyMode: 'stateless',
  config,
  row: z.object({
    problem: z.string().default(''),
    proof: z.string().default(''),
    ground_truth_judgement: z.string(),
    ground_truth_verify_score: lenientFloat,
  }),
  prepare: prompt,
  async verify(played) {
    const {
      problem,
      proof,
      ground_truth_judgement: judgement,
      ground_truth_verify_score: right,
    } = played.row;
    const text = afterThought(assistantText(played.response), played.config.assert_think_end);
    const score = text === undefined ? undefined : boxedScore(text);
    if (text === undefined || score === undefined || ![0, 0.5, 1].includes(right)) return { reward: 0 };
    const tooLong =
      characters(proof).length > MOST_OF_A_PROOF || characters(text).length > MOST_OF_A_JUDGEMENT;
    if (tooLong) return { reward: 0 };
    const asked = fillPrompt(prompt(played), {
      problem,
      proof,
      ground_truth_judgement: judgement,
      candidate_judgement: text,
    });
    return { reward: (1 - Math.abs(score - right)) * (await judgedScore(played, asked)) };
  },
});
