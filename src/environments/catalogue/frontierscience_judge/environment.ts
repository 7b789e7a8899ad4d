import { z } from 'zod';
import type { JsonObject } from '../../../protocol/index.js';
import { findAll, pythonRegex, upper } from '../../../python/index.js';
import { judgeText } from '../../judge/answer.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { allAtHighestK, pick } from '../../kit/key-metrics.js';
import { lastWrittenText } from '../../kit/reply-text.js';
import { optionalText, repeated, rowId } from '../../kit/row-fields.js';
import { byKey } from '../../kit/task-groups.js';
import { thinkingIsCutOff, withoutThinking } from '../../kit/thinking.js';
import { rubricScore } from './rubric-score.js';

const config = z.object({
  ...judgeKeys,
  judge_mode: z.enum(['olympiad', 'research']).default('olympiad'),
  rubric_pass_score_threshold: z.number().default(7),
  rubric_max_score: z.number().default(10),
  judge_prompt_path: z.string().default('prompts/judge.yaml'),
  use_chat_completions_for_judge: z.boolean().default(false),
});

type Config = z.infer<typeof config>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, {
    server: 'frontierscience_judge',
    file: setup.config.judge_prompt_path,
    read: { key: 'user' },
  });

const JUDGEMENT = pythonRegex(String.raw`Judgement:\s*(YES|NO)`, { ignoreCase: true });

/** The settings of the block in the words of Chat Completions; what is not set is set for olympiads alone. */
function chatParameters({ judge_mode: mode, judge_responses_create_params: params }: Config): JsonObject {
  const { max_output_tokens: most, temperature, top_p: topP } = params;
  const fallback = (value: number): number | undefined => (mode === 'olympiad' ? value : undefined);
  const given = { temperature: temperature ?? fallback(0), top_p: topP ?? fallback(1) };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { max_tokens: most || 2048, ...(Object.fromEntries(set) as JsonObject) };
}

/** Olympiad and research questions of science: a judge says yes or no, or gives points by a rubric. */
export const frontierscienceJudge = defineEnvironment({
  name: 'frontierscience_judge',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({
    id: rowId,
    subject: optionalText,
    question: optionalText,
    expected_answer: optionalText,
    rubric: optionalText,
  }),
  prepare: prompt,
  async verify(played) {
    const { row, config: settings } = played;
    const text = lastWrittenText(played.response);
    const answer = thinkingIsCutOff(text) ? '' : withoutThinking(text);
    const expected = row.expected_answer ?? '';
    const asked = fillPrompt(prompt(played), {
      question: row.question ?? '',
      expected_answer: expected,
      rubric: row.rubric || expected,
      generation: answer,
    });
    const read = (reply: typeof played.response): string => withoutThinking(lastWrittenText(reply));
    const said = await judgeText(played, asked, read, chatParameters(settings));
    const last = findAll(JUDGEMENT, said).at(-1);
    const verdict = last === undefined ? null : upper(last);
    const found = {
      ...repeated(row, 'id', 'subject', 'question', 'rubric'),
      extracted_answer: answer === '' ? null : answer,
      expected_answer: expected,
      judge_output: said,
    };
    const { rubric_max_score: most, rubric_pass_score_threshold: enough, judge_mode: mode } = settings;
    const score = mode === 'research' ? rubricScore(said, most) : null;
    if (score === null) {
      const unscored = { rubric_score: null, rubric_score_normalized: null };
      const invalid = mode === 'research';
      return {
        reward: Number(verdict === 'YES'),
        ...found,
        verdict,
        ...unscored,
        invalid_judge_response: invalid,
      };
    }
    const reward = Number(score >= enough);
    return {
      reward,
      ...found,
      verdict: verdict ?? (reward === 1 ? 'YES' : 'NO'),
      rubric_score: score,
      rubric_score_normalized: Math.max(0, Math.min(score, most)) / most,
      invalid_judge_response: false,
    };
  },
  passMajority: {
    scores: { accuracy: 'reward', rubric_score: 'rubric_score_normalized' },
    answerKey: 'extracted_answer',
    groups: byKey('subject', { named: false }),
  },
  keyMetrics: (metrics) => ({
    ...pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...allAtHighestK(metrics, 'pass@1[avg-of-{k}]'),
    ...allAtHighestK(metrics, 'pass@{k}', ['no_answer']),
    ...allAtHighestK(metrics, 'majority@{k}', ['no_answer']),
  }),
});
