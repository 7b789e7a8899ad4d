import { z } from 'zod';
import { strip } from '../../../python/index.js';
import { messages } from '../../judge/ask.js';
import { evaluate } from '../../judge/evaluation.js';
import { fillPrompt } from '../../judge/prompt.js';
import { firstLabel } from '../../judge/reading.js';
import { lastBoxContent } from '../../kit/boxed-content.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { MATH_OPERATIONAL, MATH_SCORES, mathConfig, mathHeadline, mathRow, mathVerdict } from '../../kit/math/family.js';
import { NO_VERDICT } from '../../kit/math/grade.js';
import { libraryVerdict } from '../../kit/math/library.js';
import { allText } from '../../kit/reply-text.js';
import { judgePrompts } from './judge-prompts.js';

const EQUAL = '[[A=B]]';
const LABELS = [EQUAL, '[[A!=B]]'];

const config = z.object({ ...mathConfig, judge_prompt_path: z.string().nullish() });

/** Answers of mathematics: by their value, and where that is not the same, by a judge. */
export const mathWithJudge = defineEnvironment({
  name: 'math_with_judge',
  version: 1,
  config,
  operational: MATH_OPERATIONAL,
  row: z.object(mathRow),
  prepare: (setup) => {
    if (setup.config.should_use_judge) judgePrompts(setup);
  },
  async verify(played) {
    const { question, expected_answer: expected } = played.row;
    const text = allText(played.response);
    const boxed = lastBoxContent(text);
    // Without a box there is no answer.
    if (boxed === null || strip(boxed) === '') return mathVerdict(NO_VERDICT);
    const library = await libraryVerdict(played, expected, text);
    if (!played.config.should_use_judge || library.reward === 1) return mathVerdict(library);
    const { system, user } = judgePrompts(played);
    const equal = async (first: string, second: string) => {
      const fields = { question, first_answer: first, second_answer: second };
      const { text: said, record } = await evaluate(played, messages(fillPrompt(user, fields), system));
      return { equal: firstLabel(said ?? '', LABELS) === EQUAL, record };
    };
    const one = await equal(expected, boxed);
    if (!one.equal) return mathVerdict(library, { equal: false, evaluations: [one.record] });
    // Once more with the two exchanged: which comes first must not matter.
    const other = await equal(boxed, expected);
    return mathVerdict(library, { equal: other.equal, evaluations: [one.record, other.record] });
  },
  passMajority: { scores: MATH_SCORES, answerKey: 'extracted_answer' },
  keyMetrics: mathHeadline,
});
