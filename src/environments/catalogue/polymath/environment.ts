import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { boxedAnswerVerdict, judgePrompts } from '../../kit/math/boxed-answer.js';
import { MATH_OPERATIONAL, MATH_SCORES, mathConfig, mathHeadline, mathRow } from '../../kit/math/family.js';
import { lenientFloat } from '../../../python/index.js';
import { optionalText } from '../../kit/row-fields.js';
import { byKey } from '../../kit/task-groups.js';
import { weighted } from './weighted.js';

/** Mathematics in many languages: as math_with_judge, with questions of more or less weight. */
export const polymath = defineEnvironment({
  name: 'polymath',
  version: 1,
  config: z.object({ ...mathConfig, judge_prompt_path: z.string().nullish() }),
  operational: MATH_OPERATIONAL,
  repeats: ['expected_answer'],
  row: z.object({ ...mathRow, weight: lenientFloat.nullish(), language: optionalText }),
  prepare: (setup) => {
    if (setup.config.should_use_judge) judgePrompts(setup);
  },
  async verify(played) {
    const { weight, language } = played.row;
    return { ...(await boxedAnswerVerdict(played)), weight: weight ?? null, language: language ?? null };
  },
  passMajority: {
    scores: MATH_SCORES,
    answerKey: 'extracted_answer',
    groups: byKey('language', { named: false }),
  },
  metrics: (tasks) => weighted(tasks),
  keyMetrics: mathHeadline,
});
