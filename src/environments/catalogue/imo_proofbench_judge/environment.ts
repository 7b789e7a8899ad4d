import { z } from 'zod';
import type { JsonObject } from '../../../protocol/index.js';
import { judgeText } from '../../judge/answer.js';
import { chatSettings } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { contentOfLastBox } from '../../kit/boxed-content.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { mathHeadline } from '../../kit/math/family.js';
import { sameAnswer } from '../../kit/math/same-answer.js';
import { lastWrittenText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { byKey } from '../../kit/task-groups.js';
import { withoutThinking } from '../../kit/thinking.js';
import { isRight, pointsOf } from './verdict.js';

const config = z.object({
  ...judgeKeys,
  judge_prompt_path: z.string().default('prompts/judge.yaml'),
  use_chat_completions_for_judge: z.boolean().default(false),
});

/** Tokens that a judge is given where the block says nothing. */
const MOST_TOKENS = 4096;

const server = 'imo_proofbench_judge';
const prompt = (setup: EnvironmentSetup<z.infer<typeof config>>): string =>
  promptAt(setup, { server, file: setup.config.judge_prompt_path, read: { key: 'user' } });

const text = z.string().nullable().default(null);
const row = z.object({
  problem_id: text,
  problem: text,
  reference_solution: text,
  rubric: text,
  category: text,
  level: text,
  expected_answer: text,
  source: text,
});

/** Keys of a verdict. `same`: the answer is the expected one, so that no judge was asked. */
function verdictOf(answer: string, said: string, judged: boolean | null, same = false) {
  const right = Number(judged === true);
  return {
    reward: right,
    extracted_answer: answer,
    judge_output: said,
    judge_points: pointsOf(said),
    judge_correct: right,
    symbolic_correct: Number(same),
    any_correct: right,
    no_judge_score: Number(judged === null),
  };
}

const is = (value: unknown): boolean => Number(value ?? 0) >= 0.5;
const withPoints =
  (points: number) =>
  ({ judge_points: given }: JsonObject): number =>
    Number(given === points);
const [category, level] = [byKey('category', { named: false }), byKey('level', { named: false })];

/** Proofs of problems of the Olympiad: a known answer by its value, else a judge that gives points of seven. */
export const imoProofbenchJudge = defineEnvironment({
  name: server,
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row,
  prepare: prompt,
  async verify(played) {
    const kept = taskKeys(played.row);
    const answer = contentOfLastBox(withoutThinking(lastWrittenText(played.response))) ?? '';
    if (answer === '')
      return { ...kept, ...verdictOf('', 'Reasoning: No answer was provided.\nJudgement: No', false) };
    const { expected_answer: expected, problem, reference_solution: solution, rubric } = played.row;
    if (await sameAnswer(played, expected ?? 'None', answer)) {
      const said = 'Reasoning: The two answers are identical.\nJudgement: Yes';
      return { ...kept, ...verdictOf(answer, said, true, true) };
    }
    const asked = fillPrompt(prompt(played), {
      problem: problem ?? '',
      reference_solution: solution ?? '',
      rubric: rubric ?? '',
      predicted_answer: answer,
    });
    const read = (reply: typeof played.response): string => withoutThinking(lastWrittenText(reply));
    const said = await judgeText(played, asked, read, chatSettings(played.config, MOST_TOKENS));
    return { ...kept, ...verdictOf(answer, said, isRight(said)) };
  },
  passMajority: {
    scores: {
      any_correct: ({ symbolic_correct: same, judge_correct: judged }) => Number(is(same) || is(judged)),
      symbolic_correct: ({ symbolic_correct: same }) => Number(is(same)),
      judge_correct: ({ judge_correct: judged }) => Number(is(judged)),
      judge_score_7: withPoints(7),
      judge_score_6: withPoints(6),
      judge_score_1: withPoints(1),
      judge_score_0: withPoints(0),
    },
    answerKey: 'extracted_answer',
    groups: (task) => [...category(task), ...level(task)],
  },
  keyMetrics: mathHeadline,
});
