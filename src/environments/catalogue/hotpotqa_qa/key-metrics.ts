import type { JsonObject } from '../../../protocol/index.js';
import { highestK, pick } from '../../kit/key-metrics.js';

const SCORES = ['answer_em', 'answer_f1', 'is_correct', 'is_correct_strict'];
const PATTERNS = ['pass@1[avg-of-{k}]', 'pass@{k}', 'majority@{k}'];

/** Tokens, and each score at the largest k, over all tasks and over those with a reliable answer. */
export function keyMetrics(metrics: JsonObject): JsonObject {
  const patterns = ['', 'filtered_'].flatMap((prefix) => PATTERNS.map((pattern) => `${prefix}${pattern}`));
  return Object.assign(
    pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...patterns.map((pattern) => highestK(metrics, pattern, SCORES)),
  ) as JsonObject;
}
