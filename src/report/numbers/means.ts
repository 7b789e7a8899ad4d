import { clusterCount, clusterMeans, meanOf, type Clusters } from '../../metrics/index.js';
import { count, decimal } from '../text/format.js';

/** Mean over tasks of the mean of each; null without a value. */
export function meanOverTasks(clusters: Clusters): number | null {
  if (clusterCount(clusters) === 0) return null;
  const means = clusterMeans(clusters);
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}

/** The fewest and the most values that a task has. */
function sizes({ starts }: Clusters): { least: number; most: number } {
  const all = starts.slice(1).map((start, i) => start - starts[i]!);
  return { least: all.reduce((a, b) => Math.min(a, b)), most: all.reduce((a, b) => Math.max(a, b)) };
}

/**
 * What to know where a mean over rollouts stands beside numbers over tasks: that they weigh tasks differently, because
 * tasks have different numbers of rewards. Null where they are the same.
 */
export function meansNotice(clusters: Clusters, missing: number): string | null {
  const overTasks = meanOverTasks(clusters);
  if (overTasks === null) return null;
  const { least, most } = sizes(clusters);
  if (least === most) return null;
  const cause =
    missing === 0
      ? ''
      : ` ${count(missing, 'rollout')} without a reward: if hard tasks lack more of theirs, the mean is too high and its interval does not show it.`;
  return `the mean reward (${decimal(meanOf(clusters))}) is over rollouts, pass@k is over tasks; tasks have ${least} to ${most} rewards, so they weigh differently. Mean over tasks: ${decimal(overTasks)}.${cause}`;
}
