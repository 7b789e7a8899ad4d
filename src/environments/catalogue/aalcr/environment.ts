import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import { lenientInt, strip } from '../../../python/index.js';
import { askJudge, failed, messages } from '../../judge/ask.js';
import { judgeKeys } from '../../judge/config.js';
import { fillPrompt } from '../../judge/prompt.js';
import { recorded } from '../../judge/record.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { repeated } from '../../kit/row-fields.js';
import { PROTOCOLS, promptsOf } from './protocols.js';
import type { ProtocolName } from './protocols.js';

const protocol = z.enum(Object.keys(PROTOCOLS) as ProtocolName[]).default('legacy_v1_0');

/** The reward once more, by the length of the documents. */
const BANDS: Readonly<Record<string, string>> = {
  '<80k': 'reward_lt_80k',
  '80k-100k': 'reward_80k_100k',
  '100k-110k': 'reward_100k_110k',
  '110k-128k': 'reward_110k_128k',
  '128k+': 'reward_128k_plus',
};

const row = z
  .object({
    document_category: z.string(),
    document_set_id: z.string(),
    question_id: lenientInt,
    question: z.string(),
    answer: z.string(),
    data_source_filenames: z.string(),
    data_source_urls: z.string(),
    input_tokens: lenientInt,
    input_tokens_band: z.string().refine((band) => Object.hasOwn(BANDS, band), 'is no band of lengths'),
    aa_lcr_version: z.string().default(PROTOCOLS.legacy_v1_0.version),
    aa_lcr_dataset_revision: z.string().default(PROTOCOLS.legacy_v1_0.revision),
    aa_lcr_judge_protocol: protocol,
  })
  .strip();

/** Questions about long documents: a judge says whether the answer is right. */
export const aalcr = defineEnvironment({
  name: 'aalcr',
  version: 1,
  config: z.object({
    judge_model_server: judgeKeys.judge_model_server,
    judge_protocol: protocol,
    judge_responses_create_params_overrides: judgeKeys.judge_responses_create_params,
    judge_prompt_template_fpath: z.string().nullish(),
  }),
  row,
  prepare: (setup) => void promptsOf(setup, setup.config.judge_protocol),
  async verify(played) {
    const { row: given, config } = played;
    const wanted = PROTOCOLS[config.judge_protocol];
    const own = [given.aa_lcr_judge_protocol, given.aa_lcr_version, given.aa_lcr_dataset_revision];
    if (own.join() !== [config.judge_protocol, wanted.version, wanted.revision].join()) {
      throw new CallFailure(
        'row_invalid',
        `The row is of ${own.join(' ')}, and the judge of ${config.judge_protocol}.`,
      );
    }
    const found = (reward: number, more: JsonObject) => ({
      ...repeated(given, ...Object.keys(row.shape)),
      reward,
      judge_responses_create_params: null,
      judge_response: null,
      ...Object.fromEntries(Object.values(BANDS).map((name) => [name, null])),
      [BANDS[given.input_tokens_band]!]: reward,
      ...more,
    });
    const answer = strip(allText(played.response));
    if (answer === '') return found(0, { invalid_model_response: true, invalid_judge_response: null });
    const { system, user } = promptsOf(played, config.judge_protocol);
    const fields = { question: given.question, official_answer: given.answer, candidate_answer: answer };
    const input = messages(fillPrompt(user, fields), system);
    const asked = await askJudge(played, input, config.judge_responses_create_params_overrides);
    const said = strip(allText(asked.reply));
    if (said === '') throw failed('it is empty');
    const verdict = wanted.read(said);
    const { responses_create_params, response } = recorded(asked);
    return found(Number(verdict === 'CORRECT'), {
      invalid_model_response: false,
      invalid_judge_response: verdict === undefined,
      judge_responses_create_params: responses_create_params,
      judge_response: response,
    });
  },
});
