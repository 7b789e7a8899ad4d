import { clusterCount, clusteredVariance, meanOf, singletons, type Clusters } from './clusters.js';
import { normalQuantile, studentQuantile } from './distributions.js';

export interface Interval {
  low: number;
  high: number;
  /** Confidence level, e.g. 0.95. */
  level: number;
  /**
   * `wilson`: proportion of independent rollouts. `wilson-clustered`: the same with the number of rollouts that
   * independent ones would have been needed (design effect). `wilson-effective`: the same for rewards between 0 and 1.
   * `t`, `t-clustered`: Student's t. `all-equal`: nothing varies, so only how rare other values can be is known.
   */
  method: 'wilson' | 'wilson-clustered' | 'wilson-effective' | 't' | 't-clustered' | 'all-equal';
}

/** Wilson's score interval for a proportion; `n` may be an effective number. */
function wilson(p: number, n: number, z: number): { low: number; high: number } {
  const scale = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: p === 0 ? 0 : Math.max(0, centre - half), high: p === 1 ? 1 : Math.min(1, centre + half) };
}

/** Wilson's interval for `right` of `n` independent rollouts. */
export function wilsonInterval(right: number, n: number, level = 0.95): Interval {
  return { ...wilson(right / n, n, normalQuantile((1 + level) / 2)), level, method: 'wilson' };
}

function binary(values: Float64Array): boolean {
  return values.every((value) => value === 0 || value === 1);
}

/** Whether all lie in 0 to 1: such rewards are taken for rewards of that range. */
export function withinUnit(values: Float64Array): boolean {
  return values.every((value) => value >= 0 && value <= 1);
}

/** Number of independent rollouts that would tell as much. */
function effectiveSize(clusters: Clusters, p: number): number {
  const n = clusters.values.length;
  // All alike: the sample cannot show how alike a task's rollouts are, so each task counts once.
  if (p === 0 || p === 1) return clusterCount(clusters);
  const independent = (p * (1 - p)) / n;
  return Math.min(n, (n * independent) / clusteredVariance(clusters));
}

/** Whether a standard error is nothing but rounding. */
export function isNothing(standardError: number, mean: number): boolean {
  return standardError <= 1e-12 * Math.max(1, Math.abs(mean));
}

/**
 * Interval of a mean whose `n` independent values were all the same, for values between `low` and `high`. A share of
 * other values above 1 − (α/2)^(1/n) would have shown with probability 1 − α/2 (Clopper and Pearson's bound for
 * "none of n", near the rule of three); the mean is where that share could have moved it.
 */
export function equalInterval(
  value: number,
  n: number,
  { low, high }: { low: number; high: number },
  level: number,
): Interval {
  const others = 1 - ((1 - level) / 2) ** (1 / n);
  return {
    low: value - others * (value - low),
    high: value + others * (high - value),
    level,
    method: 'all-equal',
  };
}

function unitInterval(clusters: Clusters, level: number): Interval | null {
  const { values } = clusters;
  const [n, groups] = [values.length, clusterCount(clusters)];
  const mean = meanOf(clusters);
  const quantile = groups < 2 ? Number.NaN : studentQuantile((1 + level) / 2, groups - 1);
  if (binary(values)) {
    if (n === groups) return wilsonInterval(Math.round(mean * n), n, level);
    return { ...wilson(mean, effectiveSize(clusters, mean), quantile), level, method: 'wilson-clustered' };
  }
  if (groups < 2) return null;
  const variance = clusteredVariance(clusters);
  if (isNothing(Math.sqrt(variance), mean)) return equalInterval(mean, groups, { low: 0, high: 1 }, level);
  return {
    ...wilson(mean, (mean * (1 - mean)) / variance, quantile),
    level,
    method: 'wilson-effective',
  };
}

/**
 * Interval of a mean over rollouts, clustered by task when tasks have repeats: Wilson's for values between 0 and 1,
 * which never leaves that range; Student's t otherwise. With one task only, its rollouts count as independent: the
 * interval is for that task. Null when there is too little to say: no value, one value that is not 0 or 1, values that
 * do not vary and have no range that is known.
 * @param unit whether the values are between 0 and 1 by their nature; default: all of them are.
 */
export function meanInterval(
  clusters: Clusters,
  level = 0.95,
  unit = withinUnit(clusters.values),
): Interval | null {
  const { values } = clusters;
  const groups = clusterCount(clusters);
  const n = values.length;
  if (n === 0) return null;
  if (groups === 1 && n > 1) return meanInterval(singletons(values), level, unit);
  if (unit) return unitInterval(clusters, level);
  if (groups < 2) return null;
  const mean = meanOf(clusters);
  const standardError = Math.sqrt(clusteredVariance(clusters));
  if (isNothing(standardError, mean)) return null;
  const half = studentQuantile((1 + level) / 2, groups - 1) * standardError;
  return { low: mean - half, high: mean + half, level, method: n > groups ? 't-clustered' : 't' };
}
