import { z } from 'zod';
import { evaluate } from '../../judge/evaluation.js';
import { promptFile } from '../../judge/prompt-file.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { MATH_OPERATIONAL, mathConfig, mathHeadline, mathRow, mathVerdict } from '../../kit/math/family.js';
import { libraryVerdict } from '../../kit/math/library.js';
import { allText } from '../../kit/reply-text.js';
import { optionalText } from '../../kit/row-fields.js';
import { byKey } from '../../kit/task-groups.js';
import { judgement } from './judgement.js';

const server = 'ugphysics_judge';

const config = z.object({
  ...mathConfig,
  judge_prompt_path: z.string().default('prompts/judge.yaml'),
  use_chat_completions_for_judge: z.boolean().default(false),
});

/** Physics at university: by the value of the answer, and where that is not the same, by a judge with a solution. */
export const ugphysicsJudge = defineEnvironment({
  name: server,
  version: 1,
  config,
  operational: MATH_OPERATIONAL,
  repeats: ['question', 'expected_answer', 'solution', 'subject'],
  row: z.object({ ...mathRow, solution: z.string().default(''), subject: optionalText }),
  prepare: (setup) => {
    if (setup.config.should_use_judge) promptFile(setup, server);
  },
  async verify(played) {
    const { question, expected_answer: expected, solution, subject } = played.row;
    const text = allText(played.response);
    const library = await libraryVerdict(played, expected, text);
    const kept = { solution, subject: subject ?? null };
    if (!played.config.should_use_judge || library.reward === 1) {
      return { ...mathVerdict(library), ...kept, extracted_verdict: library.reward === 1 ? 'TRUE' : 'FALSE' };
    }
    const fields = { problem: question, solution, expected_answer: expected, generation: text };
    const { text: said, record } = await evaluate(played, promptFile(played, server)(fields), {
      mayBeEmpty: true,
    });
    const verdict = judgement(said ?? '');
    return {
      ...mathVerdict(library, { equal: verdict === 'TRUE', evaluations: [record] }),
      ...kept,
      extracted_verdict: verdict,
    };
  },
  passMajority: {
    scores: { symbolic_accuracy: 'library_reward', judge_accuracy: 'reward' },
    answerKey: 'extracted_verdict',
    groups: byKey('subject', { named: false }),
  },
  keyMetrics: mathHeadline,
});
