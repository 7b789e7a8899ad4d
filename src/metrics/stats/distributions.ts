import { incompleteBeta, logGamma } from './special.js';

/** Upper tail of the standard normal distribution for x ≥ 0, by a continued fraction or a series. */
function normalTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > 1e-17 * sum; n += 2) sum += term = (term * x * x) / n;
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let n = 200; n >= 1; n--) fraction = n / (x + fraction);
  return density / (x + fraction);
}

/** P(Z ≤ x) for a standard normal Z. */
export function normalCdf(x: number): number {
  return x < 0 ? normalTail(-x) : 1 - normalTail(x);
}

/** P(T ≤ x) for Student's t with `df` degrees of freedom. */
export function studentCdf(x: number, df: number): number {
  const tail = incompleteBeta(df / (df + x * x), df / 2, 0.5) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** x with cdf(x) = p, for a symmetric distribution; bisection to the last bit. */
function quantile(p: number, cdf: (x: number) => number): number {
  if (p < 0.5) return -quantile(1 - p, cdf);
  if (p === 0.5) return 0;
  let low = 0;
  let high = 1;
  while (cdf(high) < p && high < 1e9) high *= 2;
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return high;
}

const known = new Map<string, number>();

function remembered(key: string, compute: () => number): number {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size > 1000) known.clear();
  const value = compute();
  known.set(key, value);
  return value;
}

/** x with P(Z ≤ x) = p; 1.959964 for p = 0.975. */
export function normalQuantile(p: number): number {
  return remembered(`z${p}`, () => quantile(p, normalCdf));
}

/** x with P(T ≤ x) = p for Student's t with `df` degrees of freedom. */
export function studentQuantile(p: number, df: number): number {
  return remembered(`t${p}/${df}`, () => quantile(p, (x) => studentCdf(x, df)));
}

/** Exact two-sided p-value of k heads in n tosses of a fair coin. */
export function fairCoinTest(k: number, n: number): number {
  const few = Math.min(k, n - k);
  if (n === 0 || 2 * few === n) return 1;
  let tail = 0;
  for (let i = 0; i <= few; i++) {
    tail += Math.exp(logGamma(n + 1) - logGamma(i + 1) - logGamma(n - i + 1) - n * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}
