import { z } from 'zod';
import type { JsonObject } from '../../../protocol/index.js';
import { findAll, pythonRegex, strip } from '../../../python/index.js';

const FENCED = pythonRegex('```(?:json)?\\s*(\\{.*?\\})\\s*```', { dotAll: true });

const correctness = z.looseObject({
  'Correctness Details': z
    .record(z.string(), z.boolean())
    .refine((details) => Object.keys(details).length > 0, 'must not be empty'),
  'Excessive Answers': z.array(z.string()).optional(),
});

/**
 * What a judge says of each item, and how many answers are beside them, in the last fenced JSON object of its reply, or
 * in all of it. Undefined where it is not in that form.
 */
export function readCorrectness(
  text: string,
): { items: boolean[]; extraneous: number; output: JsonObject } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(findAll(FENCED, text).at(-1) ?? strip(text));
  } catch {
    return undefined;
  }
  const read = z.looseObject({ 'Answer Correctness': correctness }).safeParse(parsed);
  if (!read.success) return undefined;
  const output = read.data['Answer Correctness'];
  return {
    items: Object.values(output['Correctness Details']),
    extraneous: output['Excessive Answers']?.length ?? 0,
    output: output as JsonObject,
  };
}
