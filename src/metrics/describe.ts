import { float, JsonNumber } from './json-number.js';
import type { StatColumn } from './frame.js';
import { pairwiseSum } from './sums.js';

/** Statistic name → column name → value, NaN where it is undefined. */
export interface Description {
  mean: number;
  max: number;
  min: number;
  median: number;
  /** Sample standard deviation (n − 1); NaN below two values. */
  std: number;
  count: number;
}

function median(sorted: Float64Array): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const high = sorted[n >> 1]!;
  return n % 2 === 1 ? high : (sorted[(n >> 1) - 1]! + high) / 2;
}

/** The five statistics of rows `[from, to)` of a column; missing values are skipped. */
export function describeColumn(column: StatColumn, from: number, to: number): Description {
  const { values, present } = column;
  const there = values.slice(from, to).filter((_, i) => present[from + i] === 1);
  const count = there.length;
  if (count === 0) {
    const none = Number.NaN;
    return { mean: none, max: none, min: none, median: none, std: none, count };
  }
  const mean = pairwiseSum(values, from, to) / count;
  // Missing places stay in the sums as zeros: pandas adds them so, and the order of additions decides the last digit.
  const squares = values.slice(from, to);
  for (let i = 0; i < squares.length; i++) {
    squares[i] = present[from + i] === 1 ? (mean - squares[i]!) ** 2 : 0;
  }
  const std = count < 2 ? Number.NaN : Math.sqrt(pairwiseSum(squares) / (count - 1));
  there.sort();
  return { mean, max: there[count - 1]!, min: there[0]!, median: median(there), std, count };
}

const STATISTICS = ['mean', 'max', 'min', 'median', 'std'] as const;

/**
 * `<statistic>/<column>` for rows `[from, to)`: all means first, then all maxima and so on.
 * A statistic without a value is left out. When no column has a deviation (one rollout), it is 0 for full columns.
 * @param wholeNumbers every column holds integers only, without gaps: maxima and minima are integers then.
 */
export function describeRows(
  columns: readonly StatColumn[],
  from: number,
  to: number,
  wholeNumbers: boolean,
): Record<string, JsonNumber> {
  const described = columns.map((column) => describeColumn(column, from, to));
  if (described.every(({ std }) => Number.isNaN(std))) {
    for (const one of described) if (one.count === to - from) one.std = 0;
  }
  const out: Record<string, JsonNumber> = {};
  for (const statistic of STATISTICS) {
    const whole = wholeNumbers && (statistic === 'max' || statistic === 'min');
    for (const [i, one] of described.entries()) {
      const value = one[statistic];
      if (Number.isNaN(value)) continue;
      out[`${statistic}/${columns[i]!.name}`] = whole ? new JsonNumber(String(value)) : float(value);
    }
  }
  return out;
}
