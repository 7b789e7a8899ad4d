import { z } from 'zod';
import { characters, strip } from '../../../python/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { lastPartText } from '../../judge/reading.js';
import { recorded } from '../../judge/record.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { lastCapture } from '../../kit/last-capture.js';
import { pick } from '../../kit/key-metrics.js';
import { finalAssistantText } from '../../kit/reply-text.js';
import { optionalText, rowId, rowMetadata, rowRequest } from '../../kit/row-fields.js';
import { lastQuestion } from '../../kit/user-text.js';
import { ISSUE_RATE, parsingIssues } from './parsing-issues.js';
import { expectedAnswer, rowPattern } from './row.js';
import { readVerdict } from './verdict.js';

const config = z.object({
  ...judgeKeys,
  judge_endpoint_max_concurrency: z.number().int().positive().nullable().default(64),
  judge_system_message: z.string().nullish(),
  judge_prompt_template_fpath: z.string().default('prompt_templates/equivalence_llm_judge.txt'),
  judge_equal_label: z.string().default('[[A=B]]'),
  judge_not_equal_label: z.string().default('[[A!=B]]'),
  question_extract_regex: z.string().nullish(),
  response_extract_regex: z.string().nullish(),
  msg_extraction_failure: z.string().default('[NO VALID ANSWER EXTRACTED]'),
  max_answer_chars: z.number().int().positive().nullish(),
  check_twice_swap: z.boolean().default(false),
  reward_if_swap_fails: z.number().default(0),
  use_per_record_regex: z.boolean().default(true),
  extraction_length_threshold: z.number().int().nullable().default(120),
  check_full_generation_on_fail: z.boolean().default(true),
  reward_if_full_generation_succeeds: z.number().default(0.5),
});

type Config = z.infer<typeof config>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, {
    server: 'equivalence_llm_judge',
    file: setup.config.judge_prompt_template_fpath,
    read: 'text',
  });

const capture = (pattern: string | null | undefined, text: string): string =>
  pattern == null || pattern === '' || text === '' ? text : lastCapture(pattern, text);

/** Answers of any form: a judge says whether one is equivalent to the expected answer. */
export const equivalenceLlmJudge = defineEnvironment({
  name: 'equivalence_llm_judge',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({
    responses_create_params: rowRequest,
    uuid: rowId,
    expected_answer: optionalText,
    options: z.array(z.record(z.string(), z.string())).nullish(),
    metadata: rowMetadata,
  }),
  prepare: prompt,
  async verify(played) {
    const { row, config: settings } = played;
    const expected = expectedAnswer(row);
    const text = finalAssistantText(played.response);
    const unjudged = (reason: string) => ({
      reward: 0,
      failure_reason: reason,
      expected_answer: expected,
      judge_evaluations: [],
    });
    if (text === '') return unjudged('empty_final_answer');
    const length = characters(text).length;
    const most = settings.max_answer_chars ?? Infinity;
    if (length > most) return unjudged(`final_answer_too_long: ${length} characters exceeds ${most}`);

    const question = capture(
      settings.question_extract_regex,
      strip(lastQuestion(row.responses_create_params)),
    );
    const evaluations: object[] = [];
    const equal = async (first: string, second: string): Promise<boolean> => {
      const fields = { question, expected_answer: first, generated_answer: second };
      const input = messages(fillPrompt(prompt(played), fields), settings.judge_system_message);
      const asked = await askJudge(played, input);
      const cutOff = asked.reply.status === 'incomplete';
      const verdict = readVerdict(lastPartText(asked.reply), cutOff, settings);
      evaluations.push({ ...recorded(asked), ...verdict.record });
      return verdict.equal;
    };

    const own = settings.use_per_record_regex ? rowPattern(row) : undefined;
    // A long answer is compared whole, and once only.
    const isLong =
      own !== undefined && characters(expected).length > (settings.extraction_length_threshold ?? Infinity);
    const answer = isLong ? text : capture(own?.() ?? settings.response_extract_regex, text);
    let reward: number;
    if (await equal(expected, answer)) {
      const swap = settings.check_twice_swap && !isLong;
      reward = !swap || (await equal(answer, expected)) ? 1 : settings.reward_if_swap_fails;
    } else {
      const again = own !== undefined && settings.check_full_generation_on_fail && !isLong;
      reward = again && (await equal(expected, text)) ? settings.reward_if_full_generation_succeeds : 0;
    }
    return { reward, expected_answer: expected, judge_evaluations: evaluations };
  },
  metrics: (tasks, settings) => parsingIssues(tasks, settings),
  keyMetrics: (metrics) =>
    pick(metrics, [...Object.keys(metrics).filter((name) => name.startsWith('mean/')), ISSUE_RATE]),
});
