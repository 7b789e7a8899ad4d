import { z } from 'zod';
import { isMessage } from '../../../protocol/index.js';
import type { ResponsesReply } from '../../../protocol/index.js';
import { lenientBool, lenientFloat, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';
import { CATEGORY, isMatch } from './categories.js';
import type { Compared } from './categories.js';
import { compareBatch, compareCall, schemasOf } from './compare.js';

const call = z.object({ type: z.literal('function_call'), name: z.string(), arguments: z.string() });

const expectedAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), content: z.string() }),
  call,
  z.object({
    type: z.literal('function_call_batch'),
    calls: z.array(call),
    ordered: lenientBool.default(true),
  }),
]);

const comparison = z.object({
  string_similarity_threshold: lenientFloat,
  floating_point_comparison_threshold: lenientFloat.default(1e-6),
  ignored_argument_keys_by_tool: z.record(z.string(), z.array(z.string())).default({}),
});

/** What the assistant says; undefined where it says nothing at all, not even an empty text. */
function spoken({ output }: ResponsesReply): string | undefined {
  const texts = output
    .filter(isMessage)
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ content }) => {
      if (typeof content === 'string') return [content];
      return (content ?? []).flatMap(({ type, text }) =>
        type === 'output_text' && typeof text === 'string' ? [text] : [],
      );
    });
  return texts.length === 0 ? undefined : texts.join('');
}

/** One step of a coding agent: the expert's call, calls or message, by the rules of the program that it runs in. */
export const terminalMultiHarness = defineEnvironment({
  name: 'terminal_multi_harness',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ tool_call_comparator_config: comparison }),
  row: z.object({
    harness: z.string().default('generic'),
    expected_action: expectedAction,
    declared_tools: z.array(z.record(z.string(), z.unknown())).nullish(),
    threshold: lenientFloat.nullish(),
  }),
  verify({ row, response, config }) {
    const { harness, expected_action: expected, declared_tools: tools, threshold } = row;
    const terms = {
      harness,
      least: threshold ?? config.tool_call_comparator_config.string_similarity_threshold,
      schemas: schemasOf(tools ?? row.responses_create_params.tools ?? []),
    };
    const [calls, text] = [functionCalls(response), spoken(response)];
    const compared = (): Compared => {
      const [first, second] = calls;
      if (first === undefined && text === undefined) return { category: CATEGORY.nothing };
      if (expected.type === 'message' && first === undefined) {
        return { category: strip(text!) === '' ? CATEGORY.emptyMessage : CATEGORY.message };
      }
      if (expected.type === 'function_call' && first !== undefined && second === undefined) {
        return compareCall(expected, first, terms);
      }
      if (expected.type === 'function_call_batch' && second !== undefined) {
        return compareBatch(expected.calls, calls, terms);
      }
      return { category: CATEGORY.kind };
    };
    const found = compared();
    return {
      reward: Number(isMatch(found)),
      harness,
      expected_action: expected,
      declared_tools: tools ?? null,
      threshold: threshold ?? null,
      category: found.category,
      similarity_score: found.similarity ?? null,
    };
  },
});
