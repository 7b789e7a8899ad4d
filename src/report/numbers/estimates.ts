import {
  clusterMeans,
  meanInterval,
  meanOf,
  passAtKTable,
  singletons,
  type Clusters,
  type Interval,
} from '../../metrics/index.js';
import { rewardsOf, type Group } from '../run/group.js';

/** A number with what is not known about it. */
export interface Estimate {
  value: number;
  /** 95 %; null when there is too little data. */
  interval: Interval | null;
  /** What the value would be if all failed and owed rollouts had the lowest, or the highest, reward. */
  bounds: { low: number; high: number };
}

export interface AtK extends Estimate {
  k: number;
}

/** Mean over tasks of a number per task. */
type PerTask = (values: Float64Array) => number | null;

/** Lowest and highest reward to suppose for a missing rollout: 0 and 1, or beyond where rewards are. */
export function rewardRange({ values }: Clusters): { low: number; high: number } {
  return {
    low: values.reduce((a, b) => Math.min(a, b), 0),
    high: values.reduce((a, b) => Math.max(a, b), 1),
  };
}

/** Rewards as they are, and with the missing ones filled with the lowest and the highest. */
export interface Filled {
  known: Clusters;
  low: Clusters;
  high: Clusters;
}

export function filled(group: Group): Filled {
  const known = rewardsOf(group);
  const range = rewardRange(known);
  return { known, low: rewardsOf(group, range.low), high: rewardsOf(group, range.high) };
}

/** Mean reward over rollouts; null when nothing is scored. */
export function meanEstimate({ known, low, high }: Filled): Estimate | null {
  if (known.values.length === 0) return null;
  return {
    value: meanOf(known),
    interval: meanInterval(known),
    bounds: { low: meanOf(low), high: meanOf(high) },
  };
}

function rightOrWrong({ values }: Clusters): boolean {
  return values.every((value) => value === 0 || value === 1);
}

function count(values: Float64Array, wanted: number): number {
  return values.reduce((sum, value) => sum + (value === wanted ? 1 : 0), 0);
}

/** pass@k of a task: the unbiased estimate for right-or-wrong rewards, else the best of the first k. */
export function passAtK(k: number, binary: boolean): PerTask {
  return (values) => {
    if (values.length < k) return null;
    if (!binary) return values.subarray(0, k).reduce((a, b) => Math.max(a, b));
    return passAtKTable(values.length, count(values, 0))[k - 1]!;
  };
}

/** pass^k of a task: the chance that k rollouts drawn without replacement are all right. */
export function passPowerK(k: number): PerTask {
  return (values) => (values.length < k ? null : 1 - passAtKTable(values.length, count(values, 1))[k - 1]!);
}

function perTask({ values, starts }: Clusters, of: PerTask): Float64Array {
  const found: number[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    const value = of(values.subarray(starts[i], starts[i + 1]));
    if (value !== null) found.push(value);
  }
  return Float64Array.from(found);
}

/** The mean over tasks of a number per task; null when no task has it. */
export function taskEstimate(filledRewards: Filled, of: PerTask, level = 0.95): Estimate | null {
  const [known, low, high] = [filledRewards.known, filledRewards.low, filledRewards.high].map((clusters) =>
    singletons(perTask(clusters, of)),
  ) as [Clusters, Clusters, Clusters];
  if (known.values.length === 0) return null;
  return {
    value: meanOf(known),
    interval: meanInterval(known, level),
    bounds: { low: meanOf(low), high: meanOf(high) },
  };
}

/** 1, 2, 4, … and the most repeats that a task has; empty without repeats. */
export function shownK({ starts }: Clusters): number[] {
  let longest = 0;
  for (let i = 0; i + 1 < starts.length; i++) longest = Math.max(longest, starts[i + 1]! - starts[i]!);
  if (longest < 2) return [];
  const ks = [longest];
  for (let k = 1; k < longest; k *= 2) ks.push(k);
  return ks.sort((a, b) => a - b);
}

export function passCurves(rewards: Filled): { passAtK: AtK[]; passPowerK: AtK[] } {
  const binary = rightOrWrong(rewards.known);
  const curve = (of: (k: number) => PerTask): AtK[] =>
    shownK(rewards.known).flatMap((k) => {
      const estimate = taskEstimate(rewards, of(k));
      return estimate === null ? [] : [{ k, ...estimate }];
    });
  return { passAtK: curve((k) => passAtK(k, binary)), passPowerK: binary ? curve(passPowerK) : [] };
}

/** Tasks whose rollouts do not all have the same reward. */
export function mixedTasks(clusters: Clusters): number {
  const means = clusterMeans(clusters);
  let mixed = 0;
  for (const [i, mean] of means.entries()) {
    const values = clusters.values.subarray(clusters.starts[i], clusters.starts[i + 1]);
    if (values.some((value) => Math.abs(value - mean) > 1e-12)) mixed++;
  }
  return mixed;
}
