import { clusterCount, clusterMeans, meanOf, type Clusters } from './clusters.js';
import { studentQuantile } from './distributions.js';

/** How rewards vary: between tasks, and between rollouts of one task (one-way analysis of variance). */
export interface Components {
  between: number;
  /** Null without repeats: it cannot be told from `between` then. */
  within: number | null;
}

/** Unbiased components for tasks with any numbers of repeats; a negative estimate of `between` is 0. */
export function varianceComponents(clusters: Clusters): Components {
  const { values, starts } = clusters;
  const groups = clusterCount(clusters);
  const n = values.length;
  const mean = meanOf(clusters);
  const means = clusterMeans(clusters);
  let squares = 0;
  let among = 0;
  let inside = 0;
  for (let i = 0; i < groups; i++) {
    const size = starts[i + 1]! - starts[i]!;
    squares += size * size;
    among += size * (means[i]! - mean) ** 2;
    for (let at = starts[i]!; at < starts[i + 1]!; at++) inside += (values[at]! - means[i]!) ** 2;
  }
  const amongMean = among / (groups - 1);
  if (n === groups) return { between: amongMean, within: null };
  const insideMean = inside / (n - groups);
  const typical = (n - squares / n) / (groups - 1);
  return { between: Math.max(0, (amongMean - insideMean) / typical), within: insideMean };
}

/**
 * Half width of the interval of the mean that `tasks` tasks with `repeats` rollouts each would have.
 * More repeats shrink only what varies within tasks.
 */
export function expectedHalfWidth(
  { between, within }: Components,
  tasks: number,
  repeats: number,
  level = 0.95,
): number {
  const variance = between / tasks + (within ?? 0) / (tasks * repeats);
  return studentQuantile((1 + level) / 2, tasks - 1) * Math.sqrt(variance);
}
