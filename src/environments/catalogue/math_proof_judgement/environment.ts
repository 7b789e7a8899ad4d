import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { readJudgement } from '../../kit/judgement.js';
import { assistantLines } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { confusion } from './judgement.js';
import { keyMetrics, metrics } from './metrics.js';

const text = z.string().nullable().default(null);

/** Is a proof right? Yes or no. */
export const mathProofJudgement = defineEnvironment({
  name: 'math_proof_judgement',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ expected_judgement: text, problem_id: text, problem: text, proof: text }),
  verify({ row, response }) {
    const said = readJudgement(assistantLines(response));
    const right = readJudgement(row.expected_judgement ?? '');
    return {
      ...taskKeys(row),
      reward: Number(said !== null && said === right),
      extracted_judgement: said,
      ...confusion(said, right),
    };
  },
  passMajority: {
    scores: {
      accuracy: 'reward',
      true_positive: 'tp',
      false_positive: 'fp',
      false_negative: 'fn',
      true_negative: 'tn',
    },
    answerKey: 'extracted_judgement',
  },
  metrics,
  keyMetrics,
});
