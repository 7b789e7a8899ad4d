import { withinUnit } from '../../metrics/index.js';
import { rewardRange } from '../numbers/estimates.js';
import { rewardsOf, type Group, type Rewards } from '../run/group.js';

/** A task that has a reward in both runs. */
export interface PairedTask {
  a: { task: number; mean: number; rows: readonly number[] };
  b: { task: number; mean: number; rows: readonly number[] };
}

/** Second minus first; means of the same rewards added in another order differ in the last digit, which is nothing. */
export function change({ a, b }: PairedTask): number {
  const difference = b.mean - a.mean;
  const rounding = 1e-12 * Math.max(1, Math.abs(a.mean), Math.abs(b.mean));
  return Math.abs(difference) <= rounding ? 0 : difference;
}

/** The largest difference that a task can have where all rewards are between 0 and 1; null elsewhere. */
export function largestChange(a: Group, b: Group): number | null {
  return [a, b].every((group) => withinUnit(rewardsOf(group).values)) ? 1 : null;
}

interface TaskMean {
  mean: number;
  rows: readonly number[];
}

function means({ values, starts, tasks, rows }: Rewards): Map<number, TaskMean> {
  return new Map(
    tasks.map((task, i) => {
      const [from, to] = [starts[i]!, starts[i + 1]!];
      const mean = values.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
      return [task, { mean, rows: rows.slice(from, to) }];
    }),
  );
}

/** Tasks with a reward in both groups, by ascending task of the first. */
export function pairTasks(pairs: ReadonlyMap<number, number>, a: Group, b: Group): PairedTask[] {
  const [first, second] = [means(rewardsOf(a)), means(rewardsOf(b))];
  const found: PairedTask[] = [];
  for (const [task, { mean, rows }] of first) {
    const other = pairs.get(task);
    const there = other === undefined ? undefined : second.get(other);
    if (other === undefined || there === undefined) continue;
    found.push({ a: { task, mean, rows }, b: { task: other, ...there } });
  }
  return found;
}

function meanDifference(
  pairs: ReadonlyMap<number, number>,
  a: ReadonlyMap<number, TaskMean>,
  b: ReadonlyMap<number, TaskMean>,
): number {
  let sum = 0;
  let count = 0;
  for (const [task, { mean }] of a) {
    const there = b.get(pairs.get(task) ?? Number.NaN);
    if (there === undefined) continue;
    sum += there.mean - mean;
    count++;
  }
  return sum / count;
}

/** The difference if missing rollouts had the lowest rewards in one run and the highest in the other, and reversed. */
export function differenceBounds(
  pairs: ReadonlyMap<number, number>,
  a: Group,
  b: Group,
): { low: number; high: number } {
  const ranges = [rewardRange(rewardsOf(a)), rewardRange(rewardsOf(b))];
  const low = Math.min(...ranges.map((range) => range.low));
  const high = Math.max(...ranges.map((range) => range.high));
  const at = (group: Group, fill: number): Map<number, TaskMean> => means(rewardsOf(group, fill));
  return {
    low: meanDifference(pairs, at(a, high), at(b, low)),
    high: meanDifference(pairs, at(a, low), at(b, high)),
  };
}
