import { z } from 'zod';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { assistantParts } from '../../kit/reply-text.js';
import { readCorrectness } from './correctness.js';

const config = z.object({
  ...judgeKeys,
  judge_prompt_template_fpath: z.string().default('judge_prompt.txt'),
});

type Config = z.infer<typeof config>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, { server: 'deepsearchqa', file: setup.config.judge_prompt_template_fpath, read: 'whole' });

/** Questions whose answers are lists: a judge says which items the reply has, and what it has beside them. */
export const deepsearchqa = defineEnvironment({
  name: 'deepsearchqa',
  version: 1,
  repeats: ['answer', 'answer_type', 'example_id', 'problem', 'problem_category', 'task_source'],
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({
    example_id: z.string(),
    problem: z.string(),
    answer: z.string(),
    answer_type: z.string(),
    problem_category: z.string(),
  }),
  prepare: prompt,
  async verify(played) {
    const { problem, answer, answer_type } = played.row;
    const fields = { problem, answer, answer_type, response: assistantParts(played.response) };
    const { reply } = await askJudge(played, messages(fillPrompt(prompt(played), fields)));
    const found = readCorrectness(assistantParts(reply));
    if (found === undefined) {
      return { reward: 0, ...scores(0, 1, 0), judge_output: { error: 'invalid judge output' } };
    }
    const { items, extraneous, output } = found;
    const all = scores(items.filter(Boolean).length, items.length, extraneous);
    return { reward: all.f1, ...all, judge_output: output };
  },
});

/** Of how many items there are, how many are right, and how many the answer has beside them. */
function scores(right: number, all: number, extraneous: number) {
  const precision = right + extraneous === 0 ? 0 : right / (right + extraneous);
  const recall = right / all;
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    fully_correct: Number(right === all && extraneous === 0),
    fully_incorrect: Number(right === 0),
    correct_with_extraneous: Number(right === all && extraneous > 0),
  };
}
