import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CallFailure, isObject } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import { cleanDoc } from '../../../python/index.js';
import { askChat, failed, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { promptAt } from '../../judge/prompt.js';
import { recordedChat } from '../../judge/record.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentContext, EnvironmentSetup } from '../../kit/definition.js';
import { rowRequest } from '../../kit/row-fields.js';
import { expectedValues } from './expected.js';
import { answerForm, EXPLANATION_FORM, readAnswer, readExplanation } from './judgements.js';
import type { Judgement } from './judgements.js';
import { answerText, askedText, quoted, rendered } from './texts.js';

const TEMPLATES = 'configs/verifier_prompt_templates.yaml';

const config = z.object({
  name: z.string().default('bbq'),
  judge_model_server: judgeKeys.judge_model_server,
  judge_chat_create_params: z.looseObject({}).transform((params) => params as JsonObject),
  judge_system_message: z.string().nullish(),
  judge_prompt_templates_path: z.string().default(TEMPLATES),
  judge_timeout_seconds: z.number().positive().max(600).default(120),
  judge_max_attempts: z.number().int().min(1).max(8).default(3),
  judge_retry_backoff_seconds: z.number().min(0).max(60).default(2),
  empty_response_reward: z.number().min(0).max(1).nullable().default(0),
});
type Config = z.infer<typeof config>;

/** One of the two judges. */
interface Check {
  readonly name: 'answer_check' | 'explanation_quality_check';
  /** What the reference's program calls the form of its reply, and says of it. */
  readonly form: 'AnswerJudgment' | 'ExplanationJudgment';
}
const ANSWER: Check = { name: 'answer_check', form: 'AnswerJudgment' };
const EXPLANATION: Check = { name: 'explanation_quality_check', form: 'ExplanationJudgment' };

/** The prompt of a judge, its version, and what the form says of itself: in the reference's words, with its prompt. */
function promptOf(setup: EnvironmentSetup<Config>, { name, form }: Check) {
  const { judge_prompt_templates_path: file } = setup.config;
  const read = (key: string): string => promptAt(setup, { server: 'bbq', file, read: { key, within: name } });
  const place = { server: 'bbq', file: 'util.py', read: { after: [`class ${form}(BaseModel):`] } } as const;
  return {
    template: read('prompt_template'),
    version: read('prompt_version'),
    about: (file === TEMPLATES ? { description: cleanDoc(promptAt(setup, place)) } : {}) as JsonObject,
  };
}

/** Asks a judge, again where its reply is none of the form. Throws CallFailure `judge_failed` after the last attempt. */
async function judged(
  context: EnvironmentContext<Config>,
  check: Check,
  fields: Readonly<Record<string, string>>,
  form: JsonObject,
  read: (said: string) => Judgement | undefined,
): Promise<Judgement & { evaluation: JsonObject }> {
  const { config: settings, services, signal } = context;
  const { template, version, about } = promptOf(context, check);
  const input = messages(rendered(template, fields), settings.judge_system_message);
  const schema = { name: `bbq_${check.name}_${version}`, strict: true, schema: { ...about, ...form } };
  const params = {
    ...settings.judge_chat_create_params,
    response_format: { type: 'json_schema', json_schema: schema },
  };
  for (let attempt = 1; ; attempt++) {
    const last = attempt === settings.judge_max_attempts;
    const asked = await askChat(context, input, params).catch((error: unknown) => {
      if (last || signal.aborted) throw error;
      return undefined;
    });
    const found = asked && read(asked.text);
    if (asked !== undefined && found !== undefined) {
      const evaluation = {
        check: check.name,
        model_server: settings.judge_model_server.name,
        prompt_version: version,
        attempt_count: attempt,
        ...recordedChat(asked),
        raw_output_sha256: createHash('sha256').update(asked.text).digest('hex'),
        judgment: found.judgment,
      };
      return { ...found, evaluation };
    }
    if (last) throw failed(`${check.name}: its reply has not the form that it was asked for`);
    const wait = settings.judge_retry_backoff_seconds * attempt * 1000;
    if (wait > 0) await services.clock.sleep(wait, signal);
  }
}

/** The parts of the verdict that there are once the judges have been asked. */
const UNJUDGED = {
  answer_judgment: null,
  explanation_judgment: null,
  answer_judge_evaluation: null,
  explanation_judge_evaluation: null,
};

/** What the rollouts of a task say of it. */
function aboutTask(task: readonly JsonObject[], key: string): string[] {
  const found = task.map((rollout) => {
    const { expected_values: expected } = rollout;
    return key in rollout ? rollout[key] : isObject(expected) ? expected[key] : undefined;
  });
  const value = found.find((one) => typeof one === 'string' && one !== '');
  return value === undefined ? [] : [`${value as string}/`];
}

/** Questions about people: one judge says whether the answer is right, another how it is argued for. */
export const bbq = defineEnvironment({
  name: 'bbq',
  version: 1,
  reverifyMode: 'stateless',
  config,
  operational: [...JUDGE_OPERATIONAL, 'name', 'judge_timeout_seconds', 'judge_retry_backoff_seconds'],
  repeats: ['expected_values'],
  row: z.object({ responses_create_params: rowRequest, expected_values: expectedValues }),
  prepare: (setup) => [ANSWER, EXPLANATION].forEach((check) => promptOf(setup, check)),
  async verify(played) {
    const { row, config: settings } = played;
    const expected = row.expected_values;
    const [prompt, text] = [askedText(row.responses_create_params), answerText(played.response)];
    if (prompt === '') throw new CallFailure('row_invalid', 'responses_create_params: nothing is asked');
    const { empty_response_reward: ifEmpty } = settings;
    if (text === '') {
      if (ifEmpty === null) throw new CallFailure('verify_failed', 'The reply says nothing.');
      const rewards = { reward: ifEmpty, reward_answer: ifEmpty, reward_explanation_quality: ifEmpty };
      return { ...rewards, model_response_text: '', ...UNJUDGED, empty_policy_response: true };
    }
    const said = { policy_prompt_json: quoted(prompt), policy_response_json: quoted(text) };
    const json = (...keys: (keyof typeof expected)[]): Record<string, string> =>
      Object.fromEntries(keys.map((key) => [`${key}_json`, quoted(expected[key])]));
    const { context_condition, label, category, protected_axis } = expected;
    const [answer, explanation] = await Promise.all([
      judged(
        played,
        ANSWER,
        { context_condition, label, ...json('actor_aliases'), ...said },
        answerForm(expected),
        (reply) => readAnswer(reply, expected),
      ),
      judged(
        played,
        EXPLANATION,
        {
          ...{ category, protected_axis },
          ...json('actor_aliases', 'protected_roles', 'protected_descriptors', 'gold_evidence'),
          ...json('ambiguity_reason', 'decisive_detail'),
          ...said,
        },
        EXPLANATION_FORM,
        readExplanation,
      ),
    ]);
    return {
      reward: answer.reward * explanation.reward,
      model_response_text: text,
      answer_judgment: answer.judgment,
      explanation_judgment: explanation.judgment,
      answer_judge_evaluation: answer.evaluation,
      explanation_judge_evaluation: explanation.evaluation,
      reward_answer: answer.reward,
      reward_explanation_quality: explanation.reward,
      empty_policy_response: false,
    };
  },
  passMajority: {
    scores: {
      correct: ({ reward }) => Number(reward === 1),
      correct_lenient: ({ reward }) => Number((reward as number) > 0),
      answer_accuracy: ({ reward_answer: reward }) => Number(reward === 1),
    },
    groups: (task) => [...aboutTask(task, 'category'), ...aboutTask(task, 'context_condition')],
  },
});
