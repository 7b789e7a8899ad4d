import type { JsonObject } from '../../../protocol/index.js';
import { highestK, pick } from '../../kit/key-metrics.js';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean absolute error in points, over the first k rollouts of each task and over the best of them. */
export function metrics(tasks: readonly (readonly JsonObject[])[]): JsonObject {
  const longest = Math.max(0, ...tasks.map(({ length }) => length));
  const found: JsonObject = {};
  const put = (name: string, errors: readonly number[]): void => {
    if (errors.length > 0)
      Object.assign(found, { [`${name}mae`]: mean(errors), [`${name}mae_count`]: errors.length });
  };
  const errorsOf = (task: readonly JsonObject[], k: number): number[] =>
    task.slice(0, k).flatMap(({ score_diff: error }) => (typeof error === 'number' ? [error] : []));
  for (let k = 1; k <= longest; k++) {
    const errors = tasks.map((task) => errorsOf(task, k));
    put(`pass@1[avg-of-${k}]/`, errors.flat());
    put(
      `pass@${k}/`,
      errors.filter(({ length }) => length > 0).map((those) => Math.min(...those)),
    );
  }
  put(
    '',
    tasks.flatMap((task) => errorsOf(task, longest)),
  );
  return found;
}

export const keyMetrics = (all: JsonObject): JsonObject => ({
  ...pick(all, ['mean/reward']),
  ...highestK(all, 'pass@1[avg-of-{k}]', ['exact_accuracy', 'binarized_accuracy', 'mae', 'no_answer']),
  ...highestK(all, 'pass@{k}', ['exact_accuracy', 'binarized_accuracy', 'mae']),
  ...highestK(all, 'majority@{k}', ['exact_accuracy', 'binarized_accuracy']),
  ...pick(all, ['mae', 'mae_count']),
});
