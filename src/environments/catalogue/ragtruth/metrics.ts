import type { JsonObject } from '../../../protocol/index.js';
import { pick } from '../../kit/key-metrics.js';

type Rollout = JsonObject;

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
const rewards = (rollouts: readonly Rollout[]): number[] =>
  rollouts.map(({ reward }) => reward).filter((reward) => typeof reward === 'number');
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Precision, recall and F1 of "there is a hallucination". */
function agreement(rollouts: readonly Rollout[]) {
  const count = (predicted: boolean, is: boolean): number =>
    rollouts.filter((one) => Boolean(one['pred_halu']) === predicted && Boolean(one['is_halu']) === is)
      .length;
  const hits = count(true, true);
  const precision = ratio(hits, hits + count(true, false));
  const recall = ratio(hits, hits + count(false, true));
  return { precision, recall, f1: ratio(2 * precision * recall, precision + recall) };
}

/** Over all rollouts, and for each task type. */
export function metrics(tasks: readonly (readonly Rollout[])[]): JsonObject {
  const rollouts = tasks.flat();
  if (rollouts.length === 0) return {};
  const found: JsonObject = {};
  const scored = rewards(rollouts);
  if (scored.length > 0) Object.assign(found, { mean_reward: mean(scored), count: scored.length });
  found['parse_fail_rate'] = mean(rollouts.map((one) => Number(one['parse_fail'] ?? 0)));
  Object.assign(found, agreement(rollouts));
  const typeOf = (one: Rollout): string => (one['task_type'] as string | undefined) || 'unknown';
  for (const type of [...new Set(rollouts.map(typeOf))].sort()) {
    const group = rollouts.filter((one) => typeOf(one) === type);
    const numbers = { ...agreement(group), accuracy: mean(rewards(group)), count: group.length };
    for (const [name, value] of Object.entries(numbers)) found[`task_type/${type}/${name}`] = value;
  }
  return found;
}

export function keyMetrics(all: JsonObject): JsonObject {
  const names = Object.keys(all).filter((name) => name.endsWith('/f1') || name.endsWith('/accuracy'));
  return { ...pick(all, ['mean_reward', 'f1', 'precision', 'recall']), ...pick(all, names) };
}
