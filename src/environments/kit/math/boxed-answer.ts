import type { z } from 'zod';
import { strip } from '../../../python/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import { messages } from '../../judge/ask.js';
import { evaluate } from '../../judge/evaluation.js';
import { fillPrompt } from '../../judge/prompt.js';
import { firstLabel } from '../../judge/reading.js';
import { lastBoxContent } from '../boxed-content.js';
import type { Played } from '../environment-spec.js';
import { allText } from '../reply-text.js';
import { mathVerdict } from './family.js';
import type { mathConfig } from './family.js';
import { NO_VERDICT } from './grade.js';
import { judgePrompts } from './judge-prompts.js';
import { libraryVerdict } from './library.js';

export { judgePrompts } from './judge-prompts.js';

type Config = z.infer<z.ZodObject<typeof mathConfig>> & {
  readonly judge_prompt_path?: string | null | undefined;
};
type Row = { readonly question: string; readonly expected_answer: string };

const EQUAL = '[[A=B]]';
const LABELS = [EQUAL, '[[A!=B]]'];

/**
 * The verdict on an answer in a box: by math-verify, and where that says no and the configuration asks for it, by a judge
 * that is asked in both orders.
 */
export async function boxedAnswerVerdict(
  played: Omit<Played<unknown, Row, Config>, 'session'>,
): Promise<JsonObject & { reward: number }> {
  const { question, expected_answer: expected } = played.row;
  const text = allText(played.response);
  const boxed = lastBoxContent(text);
  // Without a box there is no answer.
  if (boxed === null || strip(boxed) === '') return mathVerdict(NO_VERDICT);
  const library = await libraryVerdict(played, expected, text);
  if (!played.config.should_use_judge || library.reward === 1) return mathVerdict(library);
  const { system, user } = judgePrompts(played);
  const equal = async (first: string, second: string): Promise<{ equal: boolean; record: JsonObject }> => {
    const fields = { question, first_answer: first, second_answer: second };
    const { text: said, record } = await evaluate(played, messages(fillPrompt(user, fields), system));
    return { equal: firstLabel(said ?? '', LABELS) === EQUAL, record };
  };
  const one = await equal(expected, boxed);
  if (!one.equal) return mathVerdict(library, { equal: false, evaluations: [one.record] });
  // Once more with the two exchanged: which comes first must not matter.
  const other = await equal(boxed, expected);
  return mathVerdict(library, { equal: other.equal, evaluations: [one.record, other.record] });
}
