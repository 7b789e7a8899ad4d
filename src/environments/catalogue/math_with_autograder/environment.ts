import { z } from 'zod';
import { evaluate } from '../../judge/evaluation.js';
import { promptFile } from '../../judge/prompt-file.js';
import { firstLabel } from '../../judge/reading.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import {
  MATH_OPERATIONAL,
  MATH_SCORES,
  mathConfig,
  mathHeadline,
  mathRow,
  mathVerdict,
} from '../../kit/math/family.js';
import { libraryVerdict } from '../../kit/math/library.js';
import { allText } from '../../kit/reply-text.js';
import { lastBox } from './last-box.js';

const CORRECT = String.raw`\boxed{Correct}`;
const LABELS = [CORRECT, String.raw`\boxed{Incorrect}`];

const server = 'math_with_autograder';
const config = z.object({ ...mathConfig, judge_prompt_path: z.string().default('prompts/judge.yaml') });

/** Answers of mathematics: by their value, and where that is not the same, by a judge that says right or wrong. */
export const mathWithAutograder = defineEnvironment({
  name: server,
  version: 1,
  config,
  operational: MATH_OPERATIONAL,
  repeats: ['expected_answer'],
  row: z.object(mathRow),
  prepare: (setup) => {
    if (setup.config.should_use_judge) promptFile(setup, server);
  },
  async verify(played) {
    const { question, expected_answer: expected } = played.row;
    const text = allText(played.response);
    const library = await libraryVerdict(played, expected, text);
    if (!played.config.should_use_judge || library.reward === 1) return mathVerdict(library);
    const answer = lastBox(text) || library.extracted || text;
    const fields = { problem: question, predicted_answer: answer, expected_answer: expected };
    const { text: said, record } = await evaluate(played, promptFile(played, server)(fields));
    const equal = firstLabel(said ?? '', LABELS) === CORRECT;
    return mathVerdict(library, { equal, evaluations: [record] });
  },
  passMajority: { scores: MATH_SCORES, answerKey: 'extracted_answer' },
  keyMetrics: mathHeadline,
});
