/** A 95 % confidence interval of a mean, and how it was made. */
export interface Interval {
  low: number;
  high: number;
  method: 'wilson' | 'clustered t';
}

const Z = 1.959963984540054;
const SMALL_T = [Number.NaN, 12.706204736432095, 4.302652729911275, 3.182446305284263, 2.7764451051977987];

/** Two-sided 95 % quantile of Student's t. Exact below five degrees; then Abramowitz & Stegun 26.7.5. */
export function studentQuantile(degrees: number): number {
  const small = SMALL_T[degrees];
  if (small !== undefined) return small;
  const z2 = Z * Z;
  return (
    Z +
    (Z * (z2 + 1)) / 4 / degrees +
    (Z * (5 * z2 ** 2 + 16 * z2 + 3)) / 96 / degrees ** 2 +
    (Z * (3 * z2 ** 3 + 19 * z2 ** 2 + 17 * z2 - 15)) / 384 / degrees ** 3 +
    (Z * (79 * z2 ** 4 + 776 * z2 ** 3 + 1482 * z2 ** 2 - 1920 * z2 - 945)) / 92160 / degrees ** 4
  );
}

/** Wilson's score interval of a share of `n`. */
export function wilson(share: number, n: number): Interval {
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half), method: 'wilson' };
}

/**
 * Interval of the mean of `values`, whose tasks start at `starts` (end included): Wilson's for 0/1 rewards with one
 * rollout per task, or when all are equal; else Student's t over the tasks' residuals, so that repeats of a task
 * count as the one draw of a task that they are. Null below two tasks.
 */
export function meanInterval(starts: readonly number[], values: Float64Array): Interval | null {
  const [tasks, n] = [starts.length - 1, values.length];
  if (tasks < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const binary = values.every((value) => value === 0 || value === 1);
  if (binary && (tasks === n || mean === 0 || mean === 1)) return wilson(mean, tasks);
  let squares = 0;
  for (let i = 0; i < tasks; i++) {
    const own = values.subarray(starts[i]!, starts[i + 1]!);
    squares += own.reduce((sum, value) => sum + value - mean, 0) ** 2;
  }
  const error = Math.sqrt((tasks / (tasks - 1)) * squares) / n;
  const half = studentQuantile(tasks - 1) * error;
  return { low: mean - half, high: mean + half, method: 'clustered t' };
}
