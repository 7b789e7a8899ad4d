import { z } from 'zod';
import { isMessage } from '../../../protocol/index.js';
import type { ResponsesReply } from '../../../protocol/index.js';
import { characters, isTrue, lower, strip } from '../../../python/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt } from '../../judge/prompt.js';
import { asText } from '../../kit/as-text.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { pick } from '../../kit/key-metrics.js';
import { allText } from '../../kit/reply-text.js';
import { rowMetadata } from '../../kit/row-fields.js';
import { longMemEvalMetrics } from './metrics.js';
import { promptFor, prompts } from './prompts.js';

const config = z.object({
  ...judgeKeys,
  // The reference sends these as well.
  judge_responses_create_params: judgeKeys.judge_responses_create_params.transform((params) => ({
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    ...params,
  })),
  judge_endpoint_max_concurrency: z.number().int().positive().nullable().default(32),
  judge_max_retries: z.number().int().default(5),
  judge_retry_base_delay: z.number().default(1),
  judge_prompt_template_fpath: z.string().nullish(),
});

/** The text without its thoughts; of a reply that was cut off in one, what stands before it. */
function withoutThoughts(text: string): string {
  if (!text.includes('</think>')) {
    const [before = ''] = text.split('<think>', 1);
    return strip(before);
  }
  const cleaned = text.replace(/<think>[\s\S]*?<\/think>/g, '');
  return strip(cleaned === text ? text.slice(text.indexOf('</think>') + '</think>'.length) : cleaned);
}

/** The SDK's `output_text`; where that is empty, every part with a text of every message, whosoever's it is. */
function textOf(reply: ResponsesReply): string {
  const text = allText(reply);
  const any = reply.output
    .filter(isMessage)
    .flatMap(({ content }) =>
      typeof content === 'string' ? [content] : (content ?? []).map((part) => part.text ?? ''),
    );
  return withoutThoughts(text === '' ? any.join('') : text);
}

/** Questions about long conversations: a judge says whether the reply holds the answer. */
export const longmemeval = defineEnvironment({
  name: 'longmemeval',
  version: 1,
  repeats: 'all',
  config,
  operational: [...JUDGE_OPERATIONAL, 'judge_max_retries', 'judge_retry_base_delay'],
  row: z.object({ verifier_metadata: rowMetadata }),
  prepare: (setup) => void prompts(setup),
  async verify(played) {
    const about = played.row.verifier_metadata ?? {};
    const field = (key: string): string => (isTrue(about[key]) ? asText(about[key]) : '');
    const [id, type, question] = [field('question_id'), field('question_type'), field('question')];
    const abstains = isTrue(about['abstention']) || id.includes('_abs');
    const text = textOf(played.response);
    const prompt = promptFor(prompts(played), type, abstains);
    let error =
      type === '' || question === '' ? 'bad_metadata' : prompt === undefined ? 'unknown_question_type' : null;
    let said = '';
    if (error === null && text !== '') {
      const fields = { question, answer: field('answer'), response: text };
      said = textOf((await askJudge(played, messages(fillPrompt(prompt!, fields)))).reply);
      if (said === '') error = 'empty_judge_output';
    }
    const label = lower(said).includes('yes');
    return {
      verifier_metadata: played.row.verifier_metadata ?? null,
      reward: Number(label),
      question_id: id,
      question_type: type,
      abstention: abstains,
      judge_label: label,
      judge_raw: said,
      judge_error: error,
      judge_error_detail: '',
      empty_response: text === '',
      generation: characters(text).slice(0, 500).join(''),
    };
  },
  metrics: longMemEvalMetrics,
  keyMetrics: (metrics) => pick(metrics, ['accuracy', 'abstention/accuracy', 'n_excluded']),
});
