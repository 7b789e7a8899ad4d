import { z } from 'zod';
import { lower, pythonRegex, splitWords, strip } from '../../../python/index.js';
import { judgeAnswer } from '../../judge/answer.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { gradeAlone } from '../../judge/reading.js';
import { lastBoxContent } from '../../kit/boxed-content.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { lastWrittenText } from '../../kit/reply-text.js';
import { optionalText, repeated, rowId } from '../../kit/row-fields.js';
import { withoutThinking } from '../../kit/thinking.js';
import type { ResponsesReply } from '../../../protocol/index.js';

const config = z.object({
  ...judgeKeys,
  judge_prompt_template: z.string().nullish(),
  judge_prompt_template_fpath: z.string().nullish(),
  abstention_reward: z.number().default(0.5),
  abstention_token: z.string().default('[IDK]'),
  correct_reward: z.number().default(1),
  incorrect_reward: z.number().default(0),
});

type Config = z.infer<typeof config>;

/** The reference's prompt stands in its program. */
function prompt(setup: EnvironmentSetup<Config>): string {
  const { judge_prompt_template: given, judge_prompt_template_fpath: file } = setup.config;
  if (given != null) return given;
  if (file != null) return promptAt(setup, { server: 'abstention', file, read: 'text' });
  const after = ['\n_DEFAULT_JUDGE_PROMPT_TEMPLATE = '];
  return promptAt(setup, { server: 'abstention', file: 'app.py', read: { after } });
}

const ARTICLES = pythonRegex(String.raw`\b(a|an|the)\b`);
const MARKS = pythonRegex(String.raw`[^\w\s]`);

/** Lower case, no articles, no punctuation, single blanks. */
const plain = (text: string): string =>
  splitWords(MARKS.sub('', ARTICLES.sub(' ', strip(lower(text))))).join(' ');

const answerText = (reply: ResponsesReply): string => withoutThinking(lastWrittenText(reply));

const VERDICTS: Readonly<Record<string, string>> = { A: 'correct', C: 'abstain' };

/** Questions where it is better to say that one does not know than to be wrong. */
export const abstention = defineEnvironment({
  name: 'abstention',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({ id: rowId, question: optionalText, answer: optionalText }),
  prepare: prompt,
  async verify(played) {
    const { row, response, config: settings } = played;
    const text = answerText(response);
    const extracted = lastBoxContent(text) ?? text;
    const target = row.answer ?? '';
    let said: string | null = null;
    let verdict = 'abstain';
    if (plain(extracted) !== plain(settings.abstention_token)) {
      const fields = { question: row.question ?? '', target, predicted_answer: extracted };
      said = await judgeAnswer(played, fillPrompt(prompt(played), fields), answerText);
      verdict = VERDICTS[gradeAlone(said, ['A', 'B', 'C']) ?? 'B'] ?? 'incorrect';
    }
    const { correct_reward: correct, abstention_reward: abstained, incorrect_reward: incorrect } = settings;
    return {
      ...repeated(row, 'id', 'question', 'answer'),
      reward: verdict === 'correct' ? correct : verdict === 'abstain' ? abstained : incorrect,
      extracted_answer: extracted,
      ground_truth: target,
      verdict,
      judge_output: said,
      is_correct: Number(verdict === 'correct'),
      is_abstain: Number(verdict === 'abstain'),
      is_incorrect: Number(verdict === 'incorrect'),
      omniscience_index: Number(verdict === 'correct') - Number(verdict === 'incorrect'),
    };
  },
});
