import { z } from 'zod';
import { isMessage } from '../../../protocol/index.js';
import type { FunctionCallItem, JsonObject, ResponsesReply, Tool } from '../../../protocol/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { callArguments, functionCalls } from '../../kit/function-calls.js';
import { pythonEqual } from '../../../python/index.js';

const expectedCall = z.object({
  name: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});
type ExpectedCall = z.infer<typeof expectedCall>;

/** 1 when some call has the expected name and every expected argument; further arguments are allowed. */
function correctness(calls: readonly FunctionCallItem[], expected: ExpectedCall): number {
  if (expected.name === undefined) return 0;
  const wanted = Object.entries(expected.arguments ?? {});
  const right = calls.some((call) => {
    if (call.name !== expected.name) return false;
    const given = callArguments(call) ?? {};
    return wanted.every(([key, value]) => Object.hasOwn(given, key) && pythonEqual(given[key], value));
  });
  return Number(right);
}

/** 1 when the first call's arguments are an object with every required parameter of its tool. */
function schemaValid(first: FunctionCallItem | undefined, tools: readonly Tool[]): number {
  const given = first === undefined ? undefined : callArguments(first);
  if (first === undefined || given === undefined) return 0;
  const required = tools.find((tool) => tool.name === first.name)?.parameters?.['required'];
  if (!Array.isArray(required)) return 1;
  return Number(required.every((key) => typeof key === 'string' && Object.hasOwn(given, key)));
}

/** 1 when the episode is exactly one call and no message at all, not even an empty one. */
function format(calls: readonly FunctionCallItem[], response: ResponsesReply): number {
  return Number(calls.length === 1 && !response.output.some(isMessage));
}

/** One tool call, scored in three independent parts that add up. */
export const exampleToolCallMultireward = defineEnvironment({
  name: 'example_tool_call_multireward',
  version: 1,
  config: z.object({}),
  reverifyMode: 'stateless',
  row: z.object({ expected_call: expectedCall.default({}) }),
  tools: {
    get_weather: {
      parameters: z.object({ city: z.string() }),
      run: (_session, { city }) => ({ city, weather_description: `The weather in ${city} is sunny.` }),
    },
  },
  verify({ row, response }) {
    const calls = functionCalls(response);
    const parts = {
      correctness: correctness(calls, row.expected_call),
      schema_valid: schemaValid(calls[0], row.responses_create_params.tools ?? []),
      format: format(calls, response),
    };
    return {
      reward: parts.correctness + parts.schema_valid + parts.format,
      reward_components: parts,
      ...parts,
      predicted_calls: calls.map((call): JsonObject => ({
        name: call.name,
        arguments: callArguments(call) ?? {},
      })),
    };
  },
});
