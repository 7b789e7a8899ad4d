import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import { characters, strip } from '../../../python/index.js';
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
import { allWrong } from './group.js';

const config = z
  .object({
    ...proofJudgeKeys,
    alpha: z.number().default(1),
    beta: z.number().default(0),
    zero_reward_incorrect_groups: z.boolean().default(false),
    expected_group_size: z.number().int().default(-1),
    judge_prompt_path: z.string().default('prompt_templates/verifier.yaml'),
    meta_judge_prompt_path: z.string().default('prompt_templates/meta-verifier.yaml'),
  })
  .refine(
    ({ zero_reward_incorrect_groups: grouped, expected_group_size: size }) => !grouped || size > 0,
    'zero_reward_incorrect_groups needs an expected_group_size greater than 0',
  );
type Config = z.infer<typeof config>;

/** The prompts: for the proof, and for what its author says of it where that counts. */
function prompts(setup: EnvironmentSetup<Config>): { proof: string; meta: string } {
  const { beta, judge_prompt_path: proof, meta_judge_prompt_path: meta } = setup.config;
  const read = (file: string): string =>
    promptAt(setup, { server: 'proof_judge', file, read: { key: 'user' } });
  return { proof: read(proof), meta: beta === 0 ? '' : read(meta) };
}

interface Written {
  readonly proof: string;
  /** What the author says of the proof, and the score given there. */
  readonly analysis: string;
  readonly score: number;
}

/** What stands behind the first such headline. */
function behind(text: string, headline: string): string | undefined {
  const at = text.indexOf(headline);
  return at === -1 ? undefined : text.slice(at + headline.length);
}

/** A proof and its author's judgement, under a headline each; undefined where the form is another or it is too long. */
function readProof(reply: string, thoughtMustEnd: boolean): Written | undefined {
  const solution = behind(afterThought(reply, thoughtMustEnd) ?? '', '## Solution');
  const evaluation = solution === undefined ? undefined : behind(solution, '## Self Evaluation');
  if (solution === undefined || evaluation === undefined) return undefined;
  const [proof, analysis] = [strip(solution.split('## Self Evaluation')[0]!), strip(evaluation)];
  const score = boxedScore(analysis);
  if (score === undefined || characters(proof).length > MOST_OF_A_PROOF) return undefined;
  return characters(analysis).length > MOST_OF_A_JUDGEMENT ? undefined : { proof, analysis, score };
}

/** Proofs with their author's judgement: a judge scores the proof, and another one that judgement. */
export const proofJudge = defineEnvironment({
  name: 'proof_judge',
  version: 1,
  reverifyMode: 'stateless',
  config,
  row: z.object({ problem: z.string().default('') }),
  prepare: prompts,
  async verify(played) {
    const { alpha, beta, assert_think_end: mustEnd, ...settings } = played.config;
    const { problem } = played.row;
    const written = readProof(assistantText(played.response), mustEnd);
    let [reward, right] = [0, 0];
    if (written !== undefined) {
      const { proof, meta } = prompts(played);
      const ask = (prompt: string): Promise<number> =>
        judgedScore(
          played,
          fillPrompt(prompt, { problem, proof: written.proof, proof_analysis: written.analysis }),
        );
      const [ofProof, ofAnalysis] = await Promise.all([ask(proof), beta === 0 ? 0 : ask(meta)]);
      right = ofProof;
      reward = alpha * right + (beta === 0 ? 0 : beta * (1 - Math.abs(written.score - right)) * ofAnalysis);
    }
    if (!settings.zero_reward_incorrect_groups) return { reward };
    if (problem === '') throw new CallFailure('row_invalid', 'problem: must be there to tell groups by');
    return { reward: (await allWrong(played, problem, right, settings.expected_group_size)) ? 0 : reward };
  },
});
