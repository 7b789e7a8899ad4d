import { z } from 'zod';
import { CallFailure, isObject } from '../../../protocol/index.js';
import type { Json, JsonObject } from '../../../protocol/index.js';
import { plainJson, pythonEqual, tryLoadsJson } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';

/** JSON text by what it says, nothing where it says nothing; what is neither text nor an object is nothing too. */
function readArguments(given: unknown): unknown {
  if (typeof given !== 'string') return isObject(given) ? given : {};
  const found = tryLoadsJson(given);
  return found === undefined ? {} : plainJson(found);
}

/** Every expected argument must be there and equal; further ones are allowed. */
function matches(
  predicted: JsonObject,
  name: unknown,
  wanted: readonly (readonly [string, unknown])[],
): boolean {
  if (predicted['name'] !== name) return false;
  // Once more, as the original does: a text in a text counts as what it says.
  const given = readArguments(predicted['arguments']);
  return wanted.every(
    ([key, value]) => isObject(given) && Object.hasOwn(given, key) && pythonEqual(given[key], value),
  );
}

function expectedArguments(given: unknown): [string, unknown][] {
  const read = readArguments(given);
  if (!isObject(read)) throw new CallFailure('row_invalid', 'expected_answers: arguments must be an object');
  return Object.entries(read);
}

/** The expected calls, in any order, and no others. */
export const xlamFc = defineEnvironment({
  name: 'xlam_fc',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ expected_answers: z.array(z.record(z.string(), z.unknown())).default([]) }),
  verify({ row: { expected_answers: expected }, response }) {
    const predicted = functionCalls(response).map((call) => ({
      name: call.name,
      arguments: readArguments(call.arguments) as Json,
    }));
    const left = new Set(predicted);
    for (const { name, arguments: given } of expected) {
      const wanted = expectedArguments(given);
      const found = [...left].find((call) => matches(call, name ?? null, wanted));
      if (found !== undefined) left.delete(found);
    }
    const correct = predicted.length - left.size;
    return {
      reward: Number(correct === expected.length && correct === predicted.length),
      num_expected: expected.length,
      num_predicted: predicted.length,
      num_correct: correct,
      predicted_calls: predicted,
    };
  },
});
