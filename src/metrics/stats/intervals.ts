import { clusterCount, clusteredVariance, meanOf, singletons, type Clusters } from './clusters.js';
import { normalQuantile, studentQuantile } from './distributions.js';

export interface Interval {
  low: number;
  high: number;
  /** Confidence level, e.g. 0.95. */
  level: number;
  /**
   * `wilson`: proportion of independent rollouts. `wilson-clustered`: the same with the number of rollouts that
   * independent ones would have been needed (design effect). `t`, `t-clustered`: Student's t.
   */
  method: 'wilson' | 'wilson-clustered' | 't' | 't-clustered';
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

/** Number of independent rollouts that would tell as much. */
function effectiveSize(clusters: Clusters, p: number): number {
  const n = clusters.values.length;
  // All alike: the sample cannot show how alike a task's rollouts are, so each task counts once.
  if (p === 0 || p === 1) return clusterCount(clusters);
  const independent = (p * (1 - p)) / n;
  return Math.min(n, (n * independent) / clusteredVariance(clusters));
}

/**
 * Interval of a mean over rollouts, clustered by task when tasks have repeats: Wilson for right-or-wrong values,
 * Student's t otherwise. With one task only, its rollouts count as independent: the interval is for that task.
 * Null when there is too little to say (no value; one value that is not 0 or 1).
 */
export function meanInterval(clusters: Clusters, level = 0.95): Interval | null {
  const { values } = clusters;
  const groups = clusterCount(clusters);
  const n = values.length;
  if (n === 0) return null;
  if (groups === 1 && n > 1) return meanInterval(singletons(values), level);
  const mean = meanOf(clusters);
  const repeats = n > groups;
  if (binary(values)) {
    if (!repeats) return wilsonInterval(Math.round(mean * n), n, level);
    const quantile = studentQuantile((1 + level) / 2, groups - 1);
    return { ...wilson(mean, effectiveSize(clusters, mean), quantile), level, method: 'wilson-clustered' };
  }
  if (groups < 2) return null;
  const half = studentQuantile((1 + level) / 2, groups - 1) * Math.sqrt(clusteredVariance(clusters));
  return { low: mean - half, high: mean + half, level, method: repeats ? 't-clustered' : 't' };
}
