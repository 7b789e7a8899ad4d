import { z } from 'zod';
import { CallFailure, UNKNOWN_TOOL_TEXT } from '../../../protocol/index.js';
import { isTrue, lenientBool, lenientFloat, lenientInt } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { highestK, pick } from '../../kit/key-metrics.js';
import { assistantLines } from '../../kit/reply-text.js';
import { optionalText, repeated, rowMetadata } from '../../kit/row-fields.js';
import { taskKeys } from '../../kit/row-keys.js';
import { byMethodAndProperty } from './metrics.js';
import { readAnswer } from './read-answer.js';
import type { AnswerType } from './read-answer.js';
import { DEFAULT_RULE, distanceOf, RULES } from './rules.js';

const config = z.object({
  name: z.string().default('litmus_agent'),
  float_rel_tol: lenientFloat.default(1e-6),
  float_abs_tol: lenientFloat.default(1e-6),
  sandbox_provider: rowMetadata,
  sandbox_spec: rowMetadata,
  code_exec_tool_name: z.string().default('stateful_python_code_exec'),
  code_exec_timeout_s: lenientFloat.default(120),
  code_exec_max_output_chars: lenientInt.default(10_000),
  code_exec_user: z.union([z.string(), z.number()]).nullish(),
});

const row = z.object({
  expected_answer: z.union([z.string(), z.number(), z.boolean().transform(Number)]),
  answer_type: optionalText,
  output_regex: optionalText,
  answer_format: optionalText,
  use_box_format: lenientBool.default(false),
  match: rowMetadata,
});
type Row = z.infer<typeof row>;

/** The kinds of answers to properties that older rows name. */
const OF_PROPERTY: Readonly<Record<string, AnswerType>> = {
  float: 'float',
  count: 'float',
  fragment: 'float',
  bool: 'bool',
  presence: 'bool',
};
/** Of those, the ones that were numbers always, and compared as whole ones. */
const WHOLE: readonly unknown[] = ['count', 'fragment', 'bool', 'presence'];

interface Policy {
  readonly type: AnswerType;
  /** As what the answer is read. */
  readonly readAs: AnswerType;
  readonly rule: string;
  readonly limits: Readonly<Record<string, unknown>>;
}

function policyOf({ answer_type: given, match }: Row, property: unknown): Policy {
  const known = given
    ? given in DEFAULT_RULE
      ? (given as AnswerType)
      : undefined
    : OF_PROPERTY[String(property)];
  if (known === undefined) {
    throw new CallFailure(
      'row_invalid',
      'answer_type: must be float, bool or string, or property_type tell it',
    );
  }
  const isOld = given == null && WHOLE.includes(property);
  const readAs = isOld ? 'float' : known;
  if (!isTrue(match)) {
    const rule = isOld && match == null ? 'exact' : DEFAULT_RULE[known];
    return { type: known, readAs, rule, limits: {} };
  }
  const { rule, ...limits } = match!;
  if (typeof rule !== 'string' || rule === '') throw new CallFailure('row_invalid', 'match: has no rule');
  return { type: known, readAs, rule, limits };
}

/** What a limit of a row is; a number that is none fails the row. */
function limit(given: unknown, key: string, fallback: number): number {
  if (given === undefined) return fallback;
  if (typeof given === 'number') return given;
  throw new CallFailure('row_invalid', `match.${key}: must be a number`);
}

/** Properties of molecules: a number, a word, or yes or no. */
export const litmusAgent = defineEnvironment({
  name: 'litmus_agent',
  version: 1,
  reverifyMode: 'stateless',
  config,
  operational: ['name'],
  row,
  anyTool(_session, name, _args, { config: settings }) {
    if (name !== settings.code_exec_tool_name || !isTrue(settings.sandbox_provider)) return UNKNOWN_TOOL_TEXT;
    throw new CallFailure(
      'tool_failed',
      `The tool "${name}" runs code in a sandbox, which the Python server does: +python_servers=[litmus_agent]`,
    );
  },
  verify({ row: given, response, config: settings }) {
    const { property_type: property } = given;
    const { type, readAs, rule, limits } = policyOf(given, property);
    const answer = readAnswer(assistantLines(response), readAs, given);
    const compare = Object.hasOwn(RULES, rule) ? RULES[rule] : undefined;
    let reward = 0;
    if (answer !== null && !Number.isNaN(answer)) {
      if (compare === undefined) throw new CallFailure('row_invalid', `match: there is no rule "${rule}"`);
      const tolerances = {
        rel_tol: limit(limits['rel_tol'], 'rel_tol', settings.float_rel_tol),
        abs_tol: limit(limits['abs_tol'], 'abs_tol', settings.float_abs_tol),
      };
      reward = Number(compare(answer, given.expected_answer, tolerances));
    }
    const isContinuous = property == null ? type === 'float' : property === 'float' || property === 'count';
    return {
      ...repeated(given, 'answer_type', 'output_regex', 'answer_format', 'match'),
      ...taskKeys(given),
      expected_answer: given.expected_answer,
      use_box_format: given.use_box_format,
      reward,
      predicted_value: Number.isFinite(answer) || typeof answer === 'string' ? answer : null,
      correct: reward === 1,
      resolved_answer_type: type,
      resolved_reward_rule: rule,
      abs_error: isContinuous && answer !== null ? distanceOf(answer, given.expected_answer) : null,
    };
  },
  passMajority: {
    scores: { accuracy: ({ correct }) => Number(correct ?? false) },
    answerKey: 'predicted_value',
  },
  metrics: byMethodAndProperty,
  keyMetrics: (metrics) => ({
    ...pick(metrics, [
      'mean/reward',
      'mean/correct',
      'mean/abs_error',
      'mean/input_tokens',
      'mean/output_tokens',
    ]),
    ...highestK(metrics, 'pass@1[avg-of-{k}]', ['accuracy']),
    ...highestK(metrics, 'pass@{k}', ['accuracy']),
    ...highestK(metrics, 'majority@{k}', ['accuracy']),
  }),
});
