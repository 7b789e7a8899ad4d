import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { boxedAnswerVerdict, judgePrompts } from '../../kit/math/boxed-answer.js';
import { MATH_OPERATIONAL, MATH_SCORES, mathConfig, mathHeadline, mathRow } from '../../kit/math/family.js';

/** Answers of mathematics: by their value, and where that is not the same, by a judge. */
export const mathWithJudge = defineEnvironment({
  name: 'math_with_judge',
  version: 1,
  config: z.object({ ...mathConfig, judge_prompt_path: z.string().nullish() }),
  operational: MATH_OPERATIONAL,
  repeats: ['expected_answer'],
  row: z.object(mathRow),
  prepare: (setup) => {
    if (setup.config.should_use_judge) judgePrompts(setup);
  },
  verify: async (played) => boxedAnswerVerdict(played),
  passMajority: { scores: MATH_SCORES, answerKey: 'extracted_answer' },
  keyMetrics: mathHeadline,
});
