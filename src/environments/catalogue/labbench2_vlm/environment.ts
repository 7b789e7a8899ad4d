import { z } from 'zod';
import { isObject } from '../../../protocol/index.js';
import { pythonStr, asLossless, isTrue } from '../../../python/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { firstLabel, lastPartText } from '../../judge/reading.js';
import { recorded } from '../../judge/record.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { highestK, pick } from '../../kit/key-metrics.js';
import { finalOutputText } from '../../kit/reply-text.js';
import { ofMetadata, repeated, rowMetadata, rowRequest } from '../../kit/row-fields.js';
import { lastInputText } from '../../kit/user-text.js';

const config = z.object({
  ...judgeKeys,
  name: z.string().default('labbench2_vlm'),
  judge_prompt_template_fpath: z.string().default('prompt_templates/judge.txt'),
  judge_prompt_template_protocol_fpath: z.string().default('prompt_templates/judge_protocol.txt'),
  judge_equal_label: z.string().default('[[A=B]]'),
  judge_not_equal_label: z.string().default('[[A!=B]]'),
  judge_endpoint_max_concurrency: z.number().int().positive().nullable().default(64),
});
type Config = z.infer<typeof config>;

/** The prompts: for figures and tables, and for protocols, which are judged by a passage of reference. */
function prompts(setup: EnvironmentSetup<Config>): { plain: string; protocol: string } {
  const { judge_prompt_template_fpath: plain, judge_prompt_template_protocol_fpath: protocol } = setup.config;
  const read = (file: string): string => promptAt(setup, { server: 'labbench2_vlm', file, read: 'text' });
  return { plain: read(plain), protocol: read(protocol) };
}

/** What the rollouts of a task say of it. */
function tagOf([first]: readonly Readonly<Record<string, unknown>>[]): unknown {
  const about = first?.['verifier_metadata'];
  return isObject(about) ? about['tag'] : undefined;
}

/** Questions about figures, tables and protocols of biology: a judge says whether the answer is the right one. */
export const labbench2Vlm = defineEnvironment({
  name: 'labbench2_vlm',
  version: 1,
  reverifyMode: 'stateless',
  config,
  operational: [...JUDGE_OPERATIONAL, 'name'],
  row: z.object({ responses_create_params: rowRequest, verifier_metadata: rowMetadata }),
  prepare: (setup) => void prompts(setup),
  async verify(played) {
    const { row, config: settings } = played;
    const field = (key: string): string => pythonStr(asLossless(ofMetadata(row.verifier_metadata, key, '')));
    const { plain, protocol } = prompts(played);
    const asked = fillPrompt(field('tag').startsWith('protocolqa2') ? protocol : plain, {
      question: lastInputText(row.responses_create_params),
      expected_answer: field('ideal'),
      generated_answer: finalOutputText(played.response),
      reference_passage: field('reference_passage'),
    });
    const exchange = await askJudge(played, messages(asked));
    const { judge_equal_label: equal, judge_not_equal_label: other } = settings;
    const label = firstLabel(lastPartText(exchange.reply) ?? '', [other, equal]) ?? null;
    return {
      ...repeated(row, 'verifier_metadata'),
      reward: Number(label === equal && equal !== other),
      judge_evaluations: [{ ...recorded(exchange), verdict_label: label }],
    };
  },
  passMajority: {
    scores: {
      accuracy: 'reward',
      judge_no_verdict: ({ judge_evaluations: evaluations }) => {
        const [first] = Array.isArray(evaluations) ? evaluations : [];
        return Number(!isObject(first) || first['verdict_label'] == null);
      },
    },
    groups: (task) => (isTrue(tagOf(task)) ? [`${pythonStr(asLossless(tagOf(task)))}/`] : []),
  },
  keyMetrics: (metrics) => ({
    ...pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...highestK(metrics, 'pass@1[avg-of-{k}]', ['accuracy']),
    ...highestK(metrics, 'pass@{k}', ['accuracy']),
  }),
});
