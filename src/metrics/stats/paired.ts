import { clusteredVariance, meanOf, singletons } from './clusters.js';
import { fairCoinTest, studentQuantile } from './distributions.js';
import { equalInterval, isNothing, type Interval } from './intervals.js';
import { detectableEffect } from './noncentral-t.js';

/** A test's result: two-sided p-value, and what it was computed from. */
export interface SignTest {
  p: number;
  /** Tasks with a higher, a lower and the same value. */
  higher: number;
  lower: number;
  same: number;
}

/** Sign test over differences per task; on 0/1 differences it is McNemar's exact test. */
export function signTest(differences: Float64Array): SignTest {
  let higher = 0;
  let lower = 0;
  for (const difference of differences) {
    if (difference > 0) higher++;
    else if (difference < 0) lower++;
  }
  return {
    p: fairCoinTest(higher, higher + lower),
    higher,
    lower,
    same: differences.length - higher - lower,
  };
}

/** Up to so many tasks with a difference, every assignment of signs is tried. */
const EXACT_TASKS = 16;

export interface PermutationOptions {
  random: () => number;
  /** Random sign assignments when there are too many to try all. Default 10,000. */
  rounds?: number;
}

/**
 * Permutation test of "the two runs are interchangeable within each task": flips the sign of whole tasks. Exact up
 * to 16 tasks that differ, else by random flips; then the p-value is (hits + 1) / (rounds + 1), never 0.
 */
export function permutationTest(
  differences: Float64Array,
  { random, rounds = 10_000 }: PermutationOptions,
): { p: number; exact: boolean } {
  const moved = differences.filter((difference) => difference !== 0);
  const observed = Math.abs(moved.reduce((sum, value) => sum + value, 0));
  // Sums of the same numbers in another order differ in the last digits; they are ties.
  const limit = observed - 1e-9 * Math.max(1, observed);
  if (moved.length <= EXACT_TASKS) {
    const all = 2 ** moved.length;
    let hits = 0;
    for (let signs = 0; signs < all; signs++) {
      let sum = 0;
      for (let i = 0; i < moved.length; i++) sum += (signs >> i) & 1 ? -moved[i]! : moved[i]!;
      if (Math.abs(sum) >= limit) hits++;
    }
    return { p: hits / all, exact: true };
  }
  let hits = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (const difference of moved) sum += random() < 0.5 ? -difference : difference;
    if (Math.abs(sum) >= limit) hits++;
  }
  return { p: (hits + 1) / (rounds + 1), exact: false };
}

export interface PairedDifference {
  /** Mean over tasks of the second minus the first. */
  difference: number;
  /** Student's t over tasks; null with fewer than two, and when nothing varies and no range is known. */
  interval: Interval | null;
  /** Standard error of the difference; NaN with fewer than two tasks. */
  standardError: number;
  /** Smallest true difference that the permutation test at 5 % finds with 80 % probability; null when unknown. */
  detectable: number | null;
}

export interface PairedOptions {
  /** Confidence level. Default 0.95. */
  level?: number;
  /** The largest difference that a task can have, e.g. 1 for rewards between 0 and 1; null = not known. */
  largest?: number | null;
}

function pairedInterval(
  difference: number,
  standardError: number,
  n: number,
  { level = 0.95, largest = null }: PairedOptions,
): Interval | null {
  const range = { low: -(largest ?? Infinity), high: largest ?? Infinity };
  if (isNothing(standardError, difference)) {
    return largest === null ? null : equalInterval(difference, n, range, level);
  }
  const half = studentQuantile((1 + level) / 2, n - 1) * standardError;
  const [low, high] = [Math.max(range.low, difference - half), Math.min(range.high, difference + half)];
  return { low, high, level, method: 't' };
}

/** Difference of two runs from one difference per task: pairing removes what makes tasks easy or hard. */
export function pairedDifference(differences: Float64Array, options: PairedOptions = {}): PairedDifference {
  const clusters = singletons(differences);
  const n = differences.length;
  const difference = meanOf(clusters);
  if (n < 2) return { difference, interval: null, standardError: Number.NaN, detectable: null };
  const standardError = Math.sqrt(clusteredVariance(clusters));
  const effect = isNothing(standardError, difference) ? null : detectableEffect(n);
  return {
    difference,
    interval: pairedInterval(difference, standardError, n, options),
    standardError,
    detectable: effect === null ? null : effect * Math.sqrt(n) * standardError,
  };
}
