import { normalCdf, normalQuantile, studentQuantile } from './distributions.js';
import { incompleteBeta, logGamma } from './special.js';

const TERMS = 10_000;

/** P(0 < T ≤ x) + P(Z ≤ −δ) for x ≥ 0: the sum over a Poisson mixture of beta functions (Lenth 1989, AS 243). */
function upperHalf(x: number, df: number, delta: number): number {
  const ratio = (x * x) / (df + x * x);
  const half = (delta * delta) / 2;
  const start = normalCdf(-delta);
  if (ratio === 0) return start;
  let sum = 0;
  for (let j = 0; j < TERMS; j++) {
    const even = half === 0 ? Number(j === 0) : Math.exp(j * Math.log(half) - half - logGamma(j + 1));
    const odd =
      half === 0 ? 0 : Math.exp(j * Math.log(half) - half - logGamma(j + 1.5) - Math.LN2 / 2) * delta;
    const term = even * incompleteBeta(ratio, j + 0.5, df / 2) + odd * incompleteBeta(ratio, j + 1, df / 2);
    sum += term;
    // The weights rise up to j = δ²/2 and fall from there on.
    if (j > half && Math.abs(even) + Math.abs(odd) < 1e-16) break;
  }
  return Math.min(1, Math.max(0, start + sum / 2));
}

/**
 * P(T ≤ x) for the noncentral t distribution with `df` degrees of freedom and noncentrality `delta`; for |delta|
 * below 37, where exp(−δ²/2) is still a number.
 */
export function noncentralTCdf(x: number, df: number, delta: number): number {
  return x < 0 ? 1 - upperHalf(-x, df, -delta) : upperHalf(x, df, delta);
}

const ALPHA = 0.05;
const POWER = 0.8;

/** Power of the two-sided paired t test at 5 % over `n` tasks, for a true mean of `effect` standard deviations. */
export function pairedPower(effect: number, n: number): number {
  const limit = studentQuantile(1 - ALPHA / 2, n - 1);
  const delta = effect * Math.sqrt(n);
  return 1 - noncentralTCdf(limit, n - 1, delta) + noncentralTCdf(-limit, n - 1, delta);
}

function solve(low: number, high: number, enough: (x: number) => boolean): number {
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const known = new Map<number, number>();

/**
 * The mean difference, in standard deviations, that a paired t test at 5 % over `n` ≥ 2 tasks finds four times in
 * five (what statsmodels' `TTestPower().solve_power(nobs=n, alpha=0.05, power=0.8)` gives).
 */
export function detectableByT(n: number): number {
  const found = known.get(n);
  if (found !== undefined) return found;
  let high = 4 / Math.sqrt(n);
  while (pairedPower(high, n) < POWER) high *= 2;
  const effect = solve(0, high, (x) => pairedPower(x, n) >= POWER);
  if (known.size > 1000) known.clear();
  known.set(n, effect);
  return effect;
}

/** The smallest p that a permutation test over `n` tasks can give: all differences have the same sign. */
export function smallestPermutationP(n: number): number {
  return n < 1 ? 1 : 2 ** (1 - n);
}

/** From so many tasks on a permutation test at 5 % can find something: 6. */
export const LEAST_PAIRED_TASKS = Math.ceil(1 - Math.log2(ALPHA));

/**
 * The mean difference, in standard deviations, that the exact permutation test at 5 % over `n` tasks finds four times
 * in five; null when there are too few for it to find anything. From seven tasks on the t test's figure holds
 * (simulated: power 0.775 to 0.805). With six, only differences that all have one sign are found, which takes more.
 */
export function detectableEffect(n: number): number | null {
  if (n < LEAST_PAIRED_TASKS) return null;
  const oneSign = 2 * smallestPermutationP(n) > ALPHA ? normalQuantile(POWER ** (1 / n)) : 0;
  return Math.max(detectableByT(n), oneSign);
}
