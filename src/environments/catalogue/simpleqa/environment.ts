import { z } from 'zod';
import { judgeAnswer } from '../../judge/answer.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { gradeAtStart } from '../../judge/reading.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { allAtHighestK, pick } from '../../kit/key-metrics.js';
import { lastWrittenText } from '../../kit/reply-text.js';
import { optionalText, repeated, rowId } from '../../kit/row-fields.js';
import { whenAttempted } from './when-attempted.js';

const config = z.object({
  ...judgeKeys,
  judge_prompt_path: z.string().default('prompts/judge.yaml'),
  use_chat_completions_for_judge: z.boolean().default(false),
});

type Config = z.infer<typeof config>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, { server: 'simpleqa', file: setup.config.judge_prompt_path, read: { key: 'user' } });

const VERDICTS: Readonly<Record<string, string>> = { A: 'correct', B: 'incorrect' };

/** Short questions of fact: a judge says whether the answer is right, wrong or not given. */
export const simpleqa = defineEnvironment({
  name: 'simpleqa',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({ id: rowId, question: optionalText, expected_answer: optionalText }),
  prepare: prompt,
  async verify(played) {
    const answer = lastWrittenText(played.response);
    const { question, expected_answer } = played.row;
    const expected = expected_answer ?? '';
    const asked = fillPrompt(prompt(played), {
      question: question ?? '',
      expected_answer: expected,
      generation: answer,
    });
    const said = await judgeAnswer(played, asked, lastWrittenText);
    const verdict = VERDICTS[gradeAtStart(said, ['A', 'B', 'C']) ?? 'C'] ?? 'not_attempted';
    return {
      ...repeated(played.row, 'id', 'question'),
      reward: Number(verdict === 'correct'),
      extracted_answer: answer,
      expected_answer: expected,
      verdict,
      judge_output: said,
      is_correct: Number(verdict === 'correct'),
      is_incorrect: Number(verdict === 'incorrect'),
      is_not_attempted: Number(verdict === 'not_attempted'),
    };
  },
  passMajority: {
    scores: { correct: 'is_correct', incorrect: 'is_incorrect', not_attempted: 'is_not_attempted' },
    answerKey: 'extracted_answer',
    derived: whenAttempted,
  },
  keyMetrics: (metrics) => ({
    ...pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...allAtHighestK(metrics, 'pass@1[avg-of-{k}]'),
    ...allAtHighestK(metrics, 'pass@{k}', ['no_answer']),
  }),
});
