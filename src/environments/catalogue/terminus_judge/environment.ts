import { z } from 'zod';
import { isObject } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import { characters, lenientFloat, plainJson, strip, tryLoadsJson } from '../../../python/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { firstLabel, lastLabel, lastPartText } from '../../judge/reading.js';
import { recorded } from '../../judge/record.js';
import { asText } from '../../kit/as-text.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import type { Played } from '../../kit/environment-spec.js';
import { assistantLines } from '../../kit/reply-text.js';
import { optionalText, rowId, rowMetadata } from '../../kit/row-fields.js';
import { wellFormed } from '../../kit/well-formed.js';
import { endsTask, fitsForm, isHarness, likeness } from './batch.js';

const config = z
  .object({
    ...judgeKeys,
    name: z.string().default('terminus_judge'),
    judge_model_server: judgeKeys.judge_model_server.nullish().transform((server) => server ?? { name: '' }),
    judge_responses_create_params: judgeKeys.judge_responses_create_params
      .nullish()
      .transform((params) => params ?? undefined),
    judge_endpoint_max_concurrency: z.number().int().positive().nullable().default(64),
    judge_system_message: z.string().nullish(),
    judge_prompt_template_fpath: z.string().default('prompt_templates/terminus_prompt.txt'),
    judge_equal_label: z.string().default('[[A=B]]'),
    judge_not_equal_label: z.string().default('[[A!=B]]'),
    check_twice_swap: z.boolean().default(false),
    reward_if_swap_fails: z.number().default(0),
    enable_string_similarity: z.boolean().default(false),
    string_similarity_threshold: z.number().default(0.95),
    enable_llm_judge: z.boolean().default(true),
  })
  .refine(
    ({ enable_llm_judge: asks, judge_model_server: server, judge_responses_create_params: params }) =>
      !asks || (server.name !== '' && params != null),
    'enable_llm_judge needs judge_model_server and judge_responses_create_params',
  );
type Config = z.infer<typeof config>;

const row = z.object({
  uuid: rowId,
  expected_answer: optionalText,
  metadata: rowMetadata,
  threshold: lenientFloat.nullish(),
});
type Row = z.infer<typeof row>;

const prompt = (setup: EnvironmentSetup<Config>): string =>
  promptAt(setup, {
    server: 'terminus_judge',
    file: setup.config.judge_prompt_template_fpath,
    read: 'text',
  });

/** What there is to say of a batch besides its reward; null for what was not looked at. */
interface Found {
  reward: number;
  model_output: string;
  parsed_output: JsonObject | null;
  similarity_score: number | null;
  schema_check_passed: boolean | null;
  task_complete_check_passed: boolean | null;
  string_similarity_passed: boolean | null;
  judge_passed: boolean | null;
  judge_evaluations: object[];
}

const UNSEEN: Found = {
  reward: 0,
  model_output: '',
  parsed_output: null,
  similarity_score: null,
  schema_check_passed: null,
  task_complete_check_passed: null,
  string_similarity_passed: null,
  judge_passed: null,
  judge_evaluations: [],
};

/** A JSON object. */
function batchOf(json: string): JsonObject | undefined {
  const value = plainJson(tryLoadsJson(json) ?? null);
  return isObject(value) ? value : undefined;
}

function expectedText({ expected_answer: answer, metadata }: Row): string {
  if (answer != null && answer !== '') return answer;
  const noted = metadata?.['expected_answer'];
  return noted == null ? '' : asText(noted);
}

/** The last label near the end of the judge's reply, else the first anywhere; null where there is none. */
function labelIn(
  text: string,
  { judge_equal_label: equal, judge_not_equal_label: other }: Config,
): string | null {
  const end = characters(text).slice(-200).join('');
  return lastLabel(end, [equal, other]) ?? firstLabel(text, [other, equal]) ?? null;
}

/** Asks whether two batches come to the same; null where the judge gives no label. */
async function judged(
  played: Played<undefined, Row, Config>,
  [expected, given]: readonly [string, string],
  found: Found,
): Promise<boolean | null> {
  const {
    judge_equal_label: equal,
    judge_not_equal_label: other,
    judge_system_message: system,
  } = played.config;
  const asked = fillPrompt(prompt(played), { expected_answer: expected, generated_answer: given });
  const exchange = await askJudge(
    played,
    messages(asked, system),
    played.config.judge_responses_create_params ?? {},
  );
  const said = lastPartText(exchange.reply) ?? '';
  const label = said === '' ? null : labelIn(said, played.config);
  found.judge_evaluations.push({ ...recorded(exchange), verdict_label: label });
  return label === null ? null : label === equal && equal !== other;
}

/** The word for what a batch lacks; "none" where it is right. What was found on the way is written into `found`. */
async function grade(
  played: Played<undefined, Row, Config>,
  expected: string,
  found: Found,
): Promise<string> {
  const { row: given, config: settings } = played;
  if (expected === '') return 'expected_answer_invalid';
  const text = assistantLines(played.response);
  if (text === '') return 'model_output_invalid';
  found.model_output = text.includes('</think>') ? strip(text.split('</think>').at(-1)!) : text;
  const wanted = batchOf(expected);
  if (wanted === undefined) return 'expected_answer_invalid';
  const batch = batchOf(found.model_output);
  if (batch === undefined) return 'model_output_invalid';
  found.parsed_output = batch;
  const harness = given.metadata?.['harness'];
  if (!isHarness(harness)) return 'unknown_harness';
  if (!fitsForm(wanted, harness)) return 'expected_answer_invalid';
  found.schema_check_passed = fitsForm(batch, harness);
  if (!found.schema_check_passed) return 'schema_check_failed';
  found.task_complete_check_passed = endsTask(batch, wanted);
  if (!found.task_complete_check_passed) return 'task_complete_check_failed';
  if (settings.enable_string_similarity) {
    found.similarity_score = likeness(wanted, batch);
    const least = given.threshold ?? settings.string_similarity_threshold;
    found.string_similarity_passed = found.similarity_score >= least;
    if (!found.string_similarity_passed && !settings.enable_llm_judge)
      return 'string_similarity_below_threshold';
  }
  if (found.string_similarity_passed !== true && settings.enable_llm_judge) {
    return askTwice(played, [expected, found.model_output], found);
  }
  found.reward = 1;
  return 'none';
}

/** What the judge says, and with `check_twice_swap` what it says of the two the other way round. */
async function askTwice(
  played: Played<undefined, Row, Config>,
  [expected, given]: readonly [string, string],
  found: Found,
): Promise<string> {
  const { check_twice_swap: twice, reward_if_swap_fails: ifNotTwice } = played.config;
  const equal = await judged(played, [expected, given], found);
  if (equal === null) return 'judge_parsing_failed';
  const again = equal && twice ? await judged(played, [given, expected], found) : equal;
  if (again === null) return 'judge_swap_parsing_failed';
  found.judge_passed = again;
  found.reward = again ? 1 : equal ? ifNotTwice : 0;
  return again ? 'none' : 'judge_not_equivalent';
}

/** One step at a terminal, as a JSON batch of keystrokes: the same as the expert's, by its text or to a judge. */
export const terminusJudge = defineEnvironment({
  name: 'terminus_judge',
  version: 1,
  config,
  operational: [...JUDGE_OPERATIONAL, 'name'],
  row,
  prepare(setup) {
    if (setup.config.enable_llm_judge) prompt(setup);
  },
  async verify(played) {
    const found: Found = { ...UNSEEN, judge_evaluations: [] };
    const { uuid, metadata, threshold } = played.row;
    const expected = expectedText(played.row);
    const reason = await grade(played, expected, found);
    const { reward, ...fields } = found;
    const kept = { expected_answer: expected, metadata: metadata ?? null, ...fields };
    return {
      reward,
      uuid: uuid ?? null,
      threshold: threshold ?? null,
      ...(wellFormed(kept) as typeof kept),
      failure_reason: reason,
    };
  },
});
