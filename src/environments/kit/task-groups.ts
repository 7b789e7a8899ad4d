import type { JsonObject } from '../../protocol/index.js';
import { asLossless, isTrue, pythonStr } from '../../python/index.js';

/** The value of a key in the first rollout of a task that has one; undefined for what Python counts as false. */
export function valueOf(task: readonly JsonObject[], key: string): string | undefined {
  const value = task.map((one) => one[key]).find(isTrue);
  return value === undefined ? undefined : pythonStr(asLossless(value));
}

/** Tasks told apart by a key: `<key>=<value>/` before the names of metrics, or `<value>/` where `named` is false. */
export function byKey(key: string, { named = true }: { named?: boolean } = {}) {
  return (task: readonly JsonObject[]): readonly string[] => {
    const value = valueOf(task, key);
    if (value === undefined) return [];
    return [named ? `${key}=${value}/` : `${value}/`];
  };
}
