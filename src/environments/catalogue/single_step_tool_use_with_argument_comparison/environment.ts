import { z } from 'zod';
import { isMessage } from '../../../protocol/index.js';
import type { ResponsesReply } from '../../../protocol/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';
import { CATEGORY } from './categories.js';
import { compareCalls } from './compare-calls.js';

const call = z.object({ type: z.literal('function_call'), name: z.string(), arguments: z.string() });

const expectedAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), content: z.string() }),
  call,
  z.object({ type: z.literal('function_call_batch'), calls: z.array(call).min(1) }),
]);

const comparison = z.object({
  word_count_similarity_threshold: z.coerce.number(),
  floating_point_comparison_threshold: z.coerce.number().default(1e-6),
  parallel_tool_call_rewarding: z.boolean().default(false),
  allow_subset: z.boolean().default(false),
  allow_superset: z.boolean().default(false),
  parallel_tool_call_reward_mode: z.enum(['binary_strict', 'fractional', 'f1']).default('binary_strict'),
});

/** A message of the assistant with a text in it counts as speaking; an empty text is one. */
function speaks({ output }: ResponsesReply): boolean {
  return output.some(
    (item) =>
      isMessage(item) &&
      item.role === 'assistant' &&
      Array.isArray(item.content) &&
      item.content.some(({ type }) => type === 'output_text'),
  );
}

/** One step of a trajectory: the same calls as the expert's, or a message where the expert spoke. */
export const singleStepToolUse = defineEnvironment({
  name: 'single_step_tool_use_with_argument_comparison',
  version: 1,
  repeats: ['expected_action'],
  reverifyMode: 'stateless',
  config: z.object({ tool_call_comparator_config: comparison }),
  row: z.object({ expected_action: expectedAction }),
  verify({ row: { expected_action: expected }, response, config }) {
    const calls = functionCalls(response);
    if (calls.length === 0 && !speaks(response)) return { reward: 0, category: CATEGORY.nothing };
    if (expected.type === 'message') {
      return calls.length === 0
        ? { reward: 1, category: CATEGORY.message }
        : { reward: 0, category: CATEGORY.noMessage };
    }
    if (calls.length === 0) return { reward: 0, category: CATEGORY.noCall };
    const wanted = expected.type === 'function_call' ? [expected] : expected.calls;
    return { ...compareCalls(wanted, calls, config.tool_call_comparator_config) };
  },
});
