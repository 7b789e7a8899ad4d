import { z } from 'zod';
import { characters, strip, writePython } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { everyItem } from '../../kit/reply-text.js';
import { keptKeys } from '../../kit/row-keys.js';
import { callsIn, expectedCall } from './calls.js';
import type { ToolCall } from './calls.js';
import { argumentScore, familyOf, sameTarget } from './score.js';
import { Ungradable } from './values.js';

const config = z.object({
  name: z.string().optional(),
  reward_mode: z.string().default('binary'),
  enable_target_match: z.boolean().default(true),
  argument_threshold: z.number().default(0.5),
  numeric_tolerance: z.number().default(1e-6),
  penalize_extra_tool_calls: z.boolean().default(true),
  unify_region_inspect_tools: z.boolean().default(true),
  log_unparsed_generations: z.boolean().optional(),
  log_unparsed_every_n: z.number().optional(),
});
type Config = z.infer<typeof config>;

/** What a grading has found so far; the rest stays as it is here. */
const NOTHING = {
  reward: 0,
  model_output: '',
  tool_name_match: false,
  rollout_tool_name: null as string | null,
  expected_tool_name: null as string | null,
  target_match: null as boolean | null,
  argument_score: null as number | null,
  argument_detail: null as string | null,
  tool_family: null as string | null,
  num_rollout_tool_calls: 0,
  failure_reason: 'none',
};
type Found = typeof NOTHING;

/** Zooming and cropping look at the same region, and count as one tool where the configuration says so. */
function toolKey(name: string, unify: boolean): string {
  const bare = strip(name);
  return unify && ['image_zoom_in_tool', 'image_crop_tool'].includes(bare) ? '<region>' : bare;
}

/** Fills in what is found, step by step: it is kept where a later step cannot be taken. Gives the reason for a failure. */
function grade(found: Found, text: string, expected: ToolCall | undefined, settings: Config): string {
  if (expected === undefined) return 'expected_action_invalid';
  const calls = callsIn(text);
  found.num_rollout_tool_calls = calls.length;
  const [first] = calls;
  if (first === undefined) {
    found.model_output = characters(text).slice(-500).join('');
    return 'no_tool_call_in_rollout';
  }
  const call = first();
  const family = familyOf(expected.name);
  found.model_output = `${call.name}(${writePython(call.args as Lossless).slice(0, 400)})`;
  found.rollout_tool_name = call.name;
  found.expected_tool_name = expected.name;
  found.tool_family = family;
  const unify = settings.unify_region_inspect_tools;
  found.tool_name_match = toolKey(call.name, unify) === toolKey(expected.name, unify);
  if (!found.tool_name_match) return 'tool_name_mismatch';
  if (settings.enable_target_match) {
    found.target_match = sameTarget(family, call.args, expected.args);
    if (!found.target_match) return 'target_mismatch';
  }
  const [score, detail] = argumentScore(family, call.args, expected.args, settings.numeric_tolerance);
  found.argument_score = score;
  found.argument_detail = detail;
  const enough = score >= settings.argument_threshold;
  // One decision is asked for: a burst of calls is none, even when the first is right.
  const burst = settings.penalize_extra_tool_calls && calls.length > 1;
  found.reward = burst ? 0 : settings.reward_mode === 'binary' ? Number(enough) : score;
  return enough ? 'none' : 'argument_below_threshold';
}

/** One call of an image tool, written in the text, against the one that was demonstrated. */
export const imageTools = defineEnvironment({
  name: 'image_tools',
  version: 1,
  reverifyMode: 'stateless',
  config,
  row: z.object({
    uuid: z.union([z.string(), z.number().int()]).nullish(),
    expected_action: z.record(z.string(), z.unknown()).nullish(),
    expected_answer: z.string().nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
  verify({ row, response, config: settings }) {
    const found = { ...NOTHING };
    try {
      found.failure_reason = grade(found, everyItem(response), expectedCall(row), settings);
    } catch (error) {
      if (!(error instanceof Ungradable)) throw error;
      Object.assign(found, { reward: 0, failure_reason: 'unknown_error' });
    }
    return { ...keptKeys(row, 'uuid', 'expected_action', 'metadata'), ...found };
  },
});
