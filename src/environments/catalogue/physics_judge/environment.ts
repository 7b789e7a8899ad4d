import { z } from 'zod';
import { pythonRegex } from '../../../python/index.js';
import { evaluate } from '../../judge/evaluation.js';
import { promptFile } from '../../judge/prompt-file.js';
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
import { byKey } from '../../kit/task-groups.js';

const server = 'physics_judge';

const config = z.object({
  ...mathConfig,
  judge_prompt_path: z.string().default('prompts/judge.yaml'),
  use_chat_completions_for_judge: z.boolean().default(false),
});

const CORRECT = pythonRegex(String.raw`\[correct\]`, { ignoreCase: true });

/** Questions of physics: by the value of the answer, and where that is not the same, by a judge that reads all of it. */
export const physicsJudge = defineEnvironment({
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
    const fields = { problem: question, generation: text, expected_answer: expected };
    const { text: said, record } = await evaluate(played, promptFile(played, server)(fields));
    return mathVerdict(library, { equal: CORRECT.search(said ?? '') !== undefined, evaluations: [record] });
  },
  passMajority: {
    scores: MATH_SCORES,
    answerKey: 'extracted_answer',
    groups: byKey('domain', { named: false }),
  },
  keyMetrics: mathHeadline,
});
