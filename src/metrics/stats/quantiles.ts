/** Summary of a measured quantity over the rollouts that have it; unit as given. */
export interface Spread {
  /** Rollouts that have the quantity. */
  count: number;
  total: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}

/** Quantile by linear interpolation between order statistics (NumPy's default); `sorted` ascending, not empty. */
export function quantileOf(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** Null when nothing was measured: an unknown is not a zero. NaN stands for a missing value. */
export function spreadOf(values: Float64Array): Spread | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const count = sorted.length;
  if (count === 0) return null;
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const at = (q: number): number => quantileOf(sorted, q);
  return {
    count,
    total,
    mean: total / count,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted[count - 1]!,
  };
}
