import { z } from 'zod';
import { judgeAnswer } from '../../judge/answer.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { gradeAlone } from '../../judge/reading.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { allAtHighestK, pick } from '../../kit/key-metrics.js';
import { lastWrittenText } from '../../kit/reply-text.js';
import { optionalText, repeated, rowId } from '../../kit/row-fields.js';
import { thinkingIsCutOff, withoutThinking } from '../../kit/thinking.js';
import { omniscienceIndex } from './omniscience-index.js';

const config = z.object({
  ...judgeKeys,
  judge_prompt_path: z.string().default('prompts/judge.yaml'),
  use_chat_completions_for_judge: z.boolean().default(false),
});

type Config = z.infer<typeof config>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, { server: 'omniscience', file: setup.config.judge_prompt_path, read: { key: 'user' } });

const VERDICTS: Readonly<Record<string, string>> = { A: 'correct', C: 'partial', D: 'not_attempted' };

/** Questions of knowledge in four grades; a wrong answer counts against a right one in the index. */
export const omniscience = defineEnvironment({
  name: 'omniscience',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({
    id: rowId,
    domain: optionalText,
    topic: optionalText,
    question: optionalText,
    expected_answer: optionalText,
  }),
  prepare: prompt,
  async verify(played) {
    const { row } = played;
    const text = lastWrittenText(played.response);
    const answer = thinkingIsCutOff(text) ? '' : withoutThinking(text);
    const expected = row.expected_answer ?? '';
    const asked = fillPrompt(prompt(played), {
      question: row.question ?? '',
      expected_answer: expected,
      generation: answer,
    });
    const said = await judgeAnswer(played, asked, (reply) => withoutThinking(lastWrittenText(reply)));
    const verdict = VERDICTS[gradeAlone(said, ['A', 'B', 'C', 'D']) ?? 'B'] ?? 'incorrect';
    const is = (name: string): number => Number(verdict === name);
    return {
      ...repeated(row, 'id', 'domain', 'topic', 'question'),
      reward: is('correct'),
      extracted_answer: answer,
      expected_answer: expected,
      verdict,
      judge_output: said,
      is_correct: is('correct'),
      is_incorrect: is('incorrect'),
      is_partial: is('partial'),
      is_not_attempted: is('not_attempted'),
      omniscience_index: is('correct') - is('incorrect'),
      is_hallucination: is('incorrect'),
    };
  },
  passMajority: {
    scores: {
      judge_correct: 'is_correct',
      judge_incorrect: ({ verdict }) => (verdict === 'incorrect' ? -1 : 0),
      judge_partially_correct: 'is_partial',
      judge_abstained: 'is_not_attempted',
    },
    answerKey: 'extracted_answer',
    derived: omniscienceIndex,
  },
  keyMetrics: (metrics) => ({
    ...pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...allAtHighestK(metrics, 'pass@1[avg-of-{k}]'),
    ...allAtHighestK(metrics, 'pass@{k}', ['no_answer']),
  }),
});
