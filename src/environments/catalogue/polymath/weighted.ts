import type { JsonObject } from '../../../protocol/index.js';
import { MATH_SCORES } from '../../kit/math/family.js';

type Task = readonly JsonObject[];

interface Counted {
  readonly weight: number;
  readonly right: readonly boolean[];
  readonly answers: readonly unknown[];
}

/** pass@k, its average and majority@k over tasks that count by their weight; in percent. */
export function weighted(tasks: readonly Task[]): JsonObject {
  const longest = Math.max(0, ...tasks.map((task) => task.length));
  const found: JsonObject = {};
  for (const [name, score] of Object.entries(MATH_SCORES).sort()) {
    const counted = tasks.flatMap((task) => counts(task, score));
    for (let k = 1; k <= longest; k += 1) {
      const enough = counted.filter(({ right }) => right.length >= k);
      const total = sum(enough.map(({ weight }) => weight));
      if (total <= 0) continue;
      const percent = (part: (one: Counted, k: number) => number): number =>
        (100 * sum(enough.map((one) => part(one, k)))) / total;
      found[`pass@${k}/${name}_weighted`] = percent(passAt);
      found[`pass@1[avg-of-${k}]/${name}_weighted`] = percent(averageOf);
      if (k >= 2) found[`majority@${k}/${name}_weighted`] = percent(majorityAt);
    }
  }
  return found;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The rollouts of a task that have a score; nothing for a task without one. */
function counts(task: Task, score: (typeof MATH_SCORES)[string]): Counted[] {
  const right = task
    .map((one) => (typeof score === 'function' ? score(one) : Number(one[score] ?? Number.NaN)))
    .filter((value) => !Number.isNaN(value))
    .map((value) => value !== 0);
  if (right.length === 0) return [];
  // The weight is the question's: every rollout has the same.
  const weight = Number(task[0]!['weight'] ?? 0) || 1;
  return [{ weight, right, answers: task.map((one) => one['extracted_answer'] ?? null) }];
}

function passAt({ weight, right }: Counted, k: number): number {
  const wrong = right.filter((one) => !one).length;
  if (wrong < k) return weight;
  return weight * (1 - combinations(wrong, k) / combinations(right.length, k));
}

function combinations(n: number, k: number): number {
  let value = 1;
  for (let index = 1; index <= k; index += 1) value = (value * (n - index + 1)) / index;
  return Math.round(value);
}

function averageOf({ weight, right }: Counted, k: number): number {
  return (weight * right.slice(0, k).filter(Boolean).length) / k;
}

/** The part of the most frequent answers that is right; nothing where none was found. */
function majorityAt({ weight, right, answers }: Counted, k: number): number {
  const votes = new Map<string, { count: number; right: boolean }>();
  for (const [index, isRight] of right.slice(0, k).entries()) {
    const answer = answers[index];
    if (answer === null) continue;
    const key = JSON.stringify([answer, isRight]);
    votes.set(key, { count: (votes.get(key)?.count ?? 0) + 1, right: isRight });
  }
  const most = Math.max(...[...votes.values()].map(({ count }) => count));
  const top = [...votes.values()].filter(({ count }) => count === most);
  return top.length === 0 ? 0 : (weight * top.filter((one) => one.right).length) / top.length;
}
