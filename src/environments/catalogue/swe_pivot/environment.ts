import { z } from 'zod';
import { isObject } from '../../../protocol/index.js';
import { lower, tryLoadsJson, writePython } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';
import { optionalText, repeated, rowId, rowMetadata } from '../../kit/row-fields.js';
import { Incomparable, readAction } from './action.js';
import type { Action } from './action.js';
import { sameTarget, similarity, sizePenalty } from './compare.js';

const config = z.object({
  name: z.string().default('swe_pivot'),
  reward_mode: z.string().default('binary'),
  enable_target_match: z.boolean().default(true),
  enable_argument_similarity: z.boolean().default(true),
  similarity_threshold: z.number().default(0.4),
  similarity_full_credit: z.number().default(0.8),
  enable_diff_size_shaping: z.boolean().default(true),
  diff_size_alpha: z.number().default(0.1),
});
type Config = z.infer<typeof config>;

const row = z.object({
  uuid: rowId,
  expected_answer: optionalText,
  expected_action: rowMetadata,
  metadata: rowMetadata,
});

/** The expert's action: of the row, of the JSON text of its answer, or of its metadata. */
function expectedAction({ expected_action, expected_answer, metadata }: z.infer<typeof row>): Action | null {
  const isCall = (value: unknown): value is { name: unknown } =>
    isObject(value) && value['type'] === 'function_call';
  const named = (value: { name?: unknown }): Action => {
    if (!('name' in value)) throw new Incomparable('the expected call has no name');
    return readAction(value as { name: unknown });
  };
  if (isCall(expected_action)) return named(expected_action);
  const answer = expected_answer ? tryLoadsJson(expected_answer) : undefined;
  if (answer instanceof Map && answer.get('type') === 'function_call' && answer.has('name')) {
    return readAction({ name: answer.get('name'), arguments: answer.get('arguments') });
  }
  const noted = metadata?.['expected_action'];
  return isCall(noted) ? named(noted) : null;
}

interface Found {
  model_output: string;
  tool_name_match: boolean;
  target_match: boolean | null;
  similarity_score: number | null;
  diff_size_penalty: number | null;
}

/** The reward of an action, or the word for what it lacks; what was found on the way is written into `found`. */
function grade(made: Action, wanted: Action, settings: Config, found: Found): number | string {
  const sameKind = made.kind === wanted.kind && made.kind !== 'unknown';
  found.tool_name_match = lower(made.name) === lower(wanted.name) || sameKind;
  if (!found.tool_name_match) return 'tool_name_mismatch';
  if (settings.enable_target_match) {
    found.target_match = sameTarget(made, wanted);
    if (!found.target_match) return 'target_mismatch';
  }
  let reward = 1;
  const { similarity_full_credit: full, similarity_threshold: least, reward_mode: mode } = settings;
  if (settings.enable_argument_similarity) {
    const score = similarity(made, wanted);
    found.similarity_score = score;
    if (score < full) {
      if (mode === 'binary' || score < least) return 'similarity_below_threshold';
      reward = 0.5 + (0.5 * (score - least)) / (full - least);
    }
  }
  if (!settings.enable_diff_size_shaping || mode !== 'continuous') return reward;
  found.diff_size_penalty = sizePenalty(made, settings.diff_size_alpha);
  return reward * (1 - found.diff_size_penalty);
}

/** One step of a coding agent: the same action as the expert's, by its tool, its target and what it writes. */
export const swePivot = defineEnvironment({
  name: 'swe_pivot',
  version: 1,
  reverifyMode: 'stateless',
  config,
  operational: ['name'],
  row,
  verify({ row: given, response, config: settings }) {
    const found: Found = {
      model_output: '',
      tool_name_match: false,
      target_match: null,
      similarity_score: null,
      diff_size_penalty: null,
    };
    const graded = (): number | string => {
      const wanted = expectedAction(given);
      if (wanted === null) return 'expected_action_invalid';
      const [call] = functionCalls(response);
      if (call === undefined) {
        found.model_output = '(no function_call in response)';
        return 'model_output_invalid';
      }
      const made = readAction(call);
      found.model_output = `${made.name}(${writePython(made.args).slice(0, 500)})`;
      return grade(made, wanted, settings, found);
    };
    const result = comparable(graded);
    return {
      ...repeated(given, 'uuid', 'metadata'),
      reward: typeof result === 'number' ? result : 0,
      expected_answer: given.expected_answer ?? '',
      ...found,
      failure_reason: typeof result === 'number' ? 'none' : result,
    };
  },
});

/** What could not be compared has a word too. */
function comparable(work: () => number | string): number | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof Incomparable) return 'unknown_error';
    throw error;
  }
}
