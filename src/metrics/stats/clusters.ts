/** Values grouped by task: `starts` holds the start of each task in `values`, and the end of the last one. */
export interface Clusters {
  values: Float64Array;
  starts: readonly number[];
}

export function clusterCount({ starts }: Clusters): number {
  return Math.max(0, starts.length - 1);
}

/** Mean over all values; NaN without any. */
export function meanOf({ values }: Clusters): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Mean of each task. */
export function clusterMeans({ values, starts }: Clusters): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, i) => {
    let sum = 0;
    for (let at = starts[i]!; at < starts[i + 1]!; at++) sum += values[at]!;
    return sum / (starts[i + 1]! - starts[i]!);
  });
}

/**
 * Variance of the mean when rollouts of one task are alike: the cluster-robust (ratio) estimator with the factor
 * G / (G − 1). Without repeats it is the usual s² / n. NaN with one task.
 */
export function clusteredVariance(clusters: Clusters): number {
  const { values, starts } = clusters;
  const groups = clusterCount(clusters);
  const mean = meanOf(clusters);
  let sum = 0;
  for (let i = 0; i < groups; i++) {
    let residual = 0;
    for (let at = starts[i]!; at < starts[i + 1]!; at++) residual += values[at]! - mean;
    sum += residual * residual;
  }
  return ((groups / (groups - 1)) * sum) / values.length ** 2;
}

/** One task per value. */
export function singletons(values: Float64Array): Clusters {
  return { values, starts: Array.from({ length: values.length + 1 }, (_, i) => i) };
}
