import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import {
  characters,
  csvRecords,
  csvRows,
  isTrue,
  JsonDecodeError,
  lenientBool,
  loadsJson,
  lower,
  roundDigits,
  strip,
} from '../../../python/index.js';
import { NotParsed } from '../../kit/data-formats/not-parsed.js';
import { parseXml } from '../../kit/data-formats/xml.js';
import { parseYaml } from '../../kit/data-formats/yaml.js';
import { asText } from '../../kit/as-text.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { codeIn } from './code.js';
import { HEADERS, hasPath } from './paths.js';

const PARSERS: Readonly<Record<string, (code: string) => unknown>> = {
  json: (code) => loadsJson(code),
  yaml: (code) => parseYaml(code, { uniqueKeys: false }),
  xml: parseXml,
  csv: (code) =>
    new Map<string, unknown>([
      [HEADERS, csvRecords(code)[0] ?? null],
      ['csv_rows', csvRows(code)],
    ]),
  toml: () => {
    throw new CallFailure('verify_unavailable', 'TOML is read by the Python server only.');
  },
};

interface Parsed {
  readonly value?: unknown;
  readonly error_type: string | null;
  readonly error_message: string | null;
}

/** The value of some code; what is empty is an error too. */
function parsed(code: string, format: string): Parsed {
  const failed = (error_type: string, error_message: string): Parsed => ({ error_type, error_message });
  if (!Object.hasOwn(PARSERS, format)) {
    return failed('unsupported_type', `Unsupported output type: ${format}`);
  }
  const cut = (message: string): string => characters(message).slice(0, 200).join('');
  try {
    const value = PARSERS[format]!(code);
    if (!isTrue(value) && !(value instanceof Date)) return failed('parse_error', 'Parsed result is empty');
    return { value, error_type: null, error_message: null };
  } catch (error) {
    if (error instanceof JsonDecodeError)
      return failed('parse_error', `JSONDecodeError: ${cut(error.message)}`);
    if (!(error instanceof NotParsed)) throw error;
    const [, name, message] = /^(\w+: )?([\s\S]*)$/.exec(error.message)!;
    return failed('parse_error', `${name ?? ''}${cut(message!)}`);
  }
}

const share = (all: readonly string[], is: (one: string) => boolean): number =>
  all.length === 0 ? 0 : all.filter(is).length / all.length;

/** The mean of a field over the rollouts that have each value of another. */
function means(rollouts: readonly JsonObject[], field: string, by: string, before: string): JsonObject {
  const groups = new Map<string, number[]>();
  for (const rollout of rollouts) {
    const name = `${before}${asText(rollout[by] ?? 'unknown')}`;
    groups.set(name, [...(groups.get(name) ?? []), (rollout[field] ?? 0) as number]);
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return Object.fromEntries([...groups].map(([name, values]) => [name, mean(values)]));
}

/** Data in a format that was asked for, with what the row wants in it. */
export const structeval = defineEnvironment({
  name: 'structeval',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    task_id: z.string(),
    task_name: z.string(),
    input_type: z.string(),
    output_type: z.string(),
    raw_output_metric: z.array(z.string()),
    rendering: lenientBool.default(false),
  }),
  verify({ row, response }) {
    const { task_id, task_name, input_type, output_type, raw_output_metric: wanted, rendering } = row;
    const kept = { task_id, task_name, input_type, output_type, raw_output_metric: wanted, rendering };
    const text = allText(response);
    if (strip(text) === '') {
      const nothing = { render_score: 0, key_validation_score: 0, raw_output_score: 0 };
      const error = { error_type: 'empty_response', error_message: 'No assistant response text' };
      return { ...kept, reward: 0, ...nothing, ...error };
    }
    const format = lower(output_type);
    const { value, ...error } = parsed(codeIn(text, format), format);
    const renders = Number(error.error_type === null);
    const keys = renders === 1 ? share(wanted, (path) => hasPath(value, path)) : 0;
    const said = lower(text);
    return {
      ...kept,
      reward: roundDigits(0.2 * renders + 0.8 * keys, 2),
      render_score: renders,
      key_validation_score: keys,
      raw_output_score: share(wanted, (word) => said.includes(lower(word))),
      ...error,
    };
  },
  metrics(tasks) {
    const rollouts = tasks.flat();
    if (rollouts.length === 0) return {};
    const [render, keys] = ['render_score', 'key_validation_score'];
    return {
      ...means(rollouts, 'reward', 'output_type', 'mean/reward_output_'),
      ...means(rollouts, 'reward', 'input_type', 'mean/reward_input_'),
      ...means(rollouts, 'reward', 'task_name', 'mean/reward_'),
      ...means(rollouts, render, 'output_type', `mean/${render}_`),
      ...means(rollouts, keys, 'output_type', `mean/${keys}_`),
    };
  },
});
