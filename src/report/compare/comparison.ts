import {
  LEAST_PAIRED_TASKS,
  pairedDifference,
  permutationTest,
  seededRandom,
  signTest,
  type Interval,
} from '../../metrics/index.js';
import type { Group } from '../run/group.js';
import { change, differenceBounds, largestChange, pairTasks, type PairedTask } from './paired-tasks.js';

/** Two groups of rollouts over the same tasks; differences are second minus first, in units of reward. */
export interface Comparison {
  /** Tasks with a reward in both; planned in both but without one somewhere. */
  tasks: number;
  unpaired_tasks: number;
  /** Mean over the paired tasks of the mean reward of each. */
  first: number;
  second: number;
  difference: number;
  /** 95 %, Student's t over tasks; null when too little is known. */
  interval: Interval | null;
  /** What missing rollouts could make of the difference. */
  bounds: { low: number; high: number };
  /**
   * Smallest true difference that is found with 80 % probability at this size; null when it is not known, and when no
   * difference can be found at all.
   */
  detectable: number | null;
  improved: number;
  regressed: number;
  same: number;
  /** Two-sided p-values. `sign` is McNemar's exact test when each task has one right-or-wrong rollout. */
  tests: { sign: { name: 'McNemar' | 'sign'; p: number }; permutation: { p: number; exact: boolean } };
  /** By the permutation test at 5 %. `too few tasks`: so few that it can find nothing, whatever the rewards are. */
  verdict: 'higher' | 'lower' | 'no difference found' | 'too few tasks';
}

const SEED = 20_251_114;

function mcnemar(tasks: readonly PairedTask[]): boolean {
  return tasks.every(({ a, b }) =>
    [a, b].every(({ rows, mean }) => rows.length === 1 && (mean === 0 || mean === 1)),
  );
}

function verdictOf(tasks: number, p: number, difference: number): Comparison['verdict'] {
  if (tasks < LEAST_PAIRED_TASKS) return 'too few tasks';
  if (p > 0.05) return 'no difference found';
  return difference > 0 ? 'higher' : 'lower';
}

/** Compares two groups; null when no task has a reward in both. */
export function compareGroups(
  pairs: ReadonlyMap<number, number>,
  a: Group,
  b: Group,
): { comparison: Comparison; tasks: PairedTask[] } | null {
  const tasks = pairTasks(pairs, a, b);
  if (tasks.length === 0) return null;
  const differences = Float64Array.from(tasks, change);
  const mean = (side: 'a' | 'b'): number =>
    tasks.reduce((sum, task) => sum + task[side].mean, 0) / tasks.length;
  const paired = pairedDifference(differences, { largest: largestChange(a, b) });
  const sign = signTest(differences);
  const permutation = permutationTest(differences, { random: seededRandom(SEED) });
  const planned = new Set(Array.from(a.rows, (row) => a.run.task.get(row)));
  const both = [...planned].filter((task) => pairs.has(task)).length;
  const comparison: Comparison = {
    tasks: tasks.length,
    unpaired_tasks: both - tasks.length,
    first: mean('a'),
    second: mean('b'),
    difference: paired.difference,
    interval: paired.interval,
    bounds: differenceBounds(pairs, a, b),
    detectable: paired.detectable,
    improved: sign.higher,
    regressed: sign.lower,
    same: sign.same,
    tests: { sign: { name: mcnemar(tasks) ? 'McNemar' : 'sign', p: sign.p }, permutation },
    verdict: verdictOf(tasks.length, permutation.p, paired.difference),
  };
  return { comparison, tasks };
}
