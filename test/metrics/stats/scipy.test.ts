import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  detectableByT,
  detectableEffect,
  fairCoinTest,
  meanInterval,
  noncentralTCdf,
  normalCdf,
  normalQuantile,
  pairedDifference,
  pairedPower,
  permutationTest,
  seededRandom,
  signTest,
  spreadOf,
  studentCdf,
  studentQuantile,
  varianceComponents,
  wilsonInterval,
  type Clusters,
} from '../../../src/metrics/index.js';

interface Fixtures {
  normal_cdf: [number, number][];
  normal_quantile: [number, number][];
  student_cdf: [number, number, number][];
  student_quantile: [number, number, number][];
  fair_coin: [number, number, number][];
  wilson: [number, number, number, number][];
  t_interval: { groups: number[][]; interval: [number, number] }[];
  wilson_effective: { groups: number[][]; interval: [number, number] }[];
  noncentral_t: [number, number, number, number][];
  paired_power: [number, number, number][];
  detectable: [number, number][];
  none_of: [number, number][];
  components: { groups: number[][]; components: [number, number] }[];
  quantiles: { values: number[]; found: number[] };
  paired: { pairs: [number, number][]; t: [number, number]; permutation: number };
  mcnemar: [number, number, number];
}

/** Computed by SciPy and statsmodels: test/fixtures/stats/make_statistics.py. */
const fixtures = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../fixtures/stats/statistics.json'), 'utf8'),
) as Fixtures;

function near(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-10 * Math.max(1e-3, Math.abs(expected)));
}

function clusters(groups: readonly (readonly number[])[]): Clusters {
  let at = 0;
  return {
    values: Float64Array.from(groups.flat()),
    starts: [0, ...groups.map((group) => (at += group.length))],
  };
}

describe('statistics agree with SciPy and statsmodels', () => {
  it.each(fixtures.normal_cdf)('normal distribution at %d', (x, p) => {
    near(normalCdf(x), p);
  });
  it.each(fixtures.normal_quantile)('normal quantile of %d', (p, x) => {
    near(normalQuantile(p), x);
  });
  it.each(fixtures.student_cdf)("Student's t at %d with %d degrees", (x, df, p) => {
    near(studentCdf(x, df), p);
  });
  it.each(fixtures.student_quantile)("Student's quantile of %d with %d degrees", (p, df, x) => {
    near(studentQuantile(p, df), x);
  });
  it.each(fixtures.fair_coin)('%d heads in %d tosses', (k, n, p) => {
    near(fairCoinTest(k, n), p);
  });
  it.each(fixtures.wilson)('Wilson for %d of %d', (k, n, low, high) => {
    const found = wilsonInterval(k, n);
    near(found.low, low);
    near(found.high, high);
  });
  it.each(fixtures.t_interval)('clustered t interval %#', ({ groups, interval }) => {
    const found = meanInterval(clusters(groups), 0.95, false)!;
    near(found.low, interval[0]);
    near(found.high, interval[1]);
  });
  it.each(fixtures.wilson_effective)('interval of rewards between 0 and 1 %#', ({ groups, interval }) => {
    const found = meanInterval(clusters(groups))!;
    expect(found.method).toBe('wilson-effective');
    near(found.low, interval[0]);
    near(found.high, interval[1]);
  });
  it.each(fixtures.noncentral_t)(
    "noncentral Student's t at %d with %d degrees, %d off",
    (x, df, delta, p) => {
      expect(noncentralTCdf(x, df, delta)).toBeCloseTo(p, 10);
    },
  );
  it.each(fixtures.paired_power)('power for %d standard deviations over %d tasks', (effect, n, power) => {
    expect(pairedPower(effect, n)).toBeCloseTo(power, 8);
  });
  it.each(fixtures.detectable)('detectable effect over %d tasks', (n, effect) => {
    expect(Math.abs(detectableByT(n) / effect - 1)).toBeLessThan(1e-9);
    // Below six tasks the permutation test finds nothing; with six it needs all signs alike: P(Z > −d)⁶ = 0.8.
    const found = detectableEffect(n);
    if (n < 6) expect(found).toBeNull();
    else if (n === 6) expect(normalCdf(found!) ** 6).toBeCloseTo(0.8, 12);
    else expect(found).toBe(detectableByT(n));
  });
  it.each(fixtures.none_of)('an interval of %d tasks that are all equal', (n, bound) => {
    const equal = meanInterval(clusters(new Array(n).fill([0.5]) as number[][]))!;
    expect(equal.method).toBe('all-equal');
    near(equal.low, 0.5 - bound / 2);
    near(equal.high, 0.5 + bound / 2);
    const differences = new Float64Array(n).fill(1);
    const { interval } = pairedDifference(differences, { largest: 1 });
    near(interval!.low, 1 - 2 * bound);
    expect(interval!.high).toBe(1);
    // The interval leaves out 0 just when the exact test over so many tasks can: from six tasks on.
    expect(interval!.low > 0).toBe(n >= 6);
    expect(pairedDifference(differences).interval).toBeNull();
  });
  it.each(fixtures.components)('variance components %#', ({ groups, components }) => {
    const found = varianceComponents(clusters(groups));
    near(found.between, components[0]);
    near(found.within!, components[1]);
  });
  it('quantiles', () => {
    const { p50, p90, p95, p99 } = spreadOf(Float64Array.from(fixtures.quantiles.values))!;
    for (const [i, found] of [p50, p90, p95, p99].entries()) near(found, fixtures.quantiles.found[i]!);
  });
  it('paired difference and permutation test', () => {
    const differences = Float64Array.from(fixtures.paired.pairs, ([a, b]) => b - a);
    const { interval } = pairedDifference(differences);
    near(interval!.low, fixtures.paired.t[0]);
    near(interval!.high, fixtures.paired.t[1]);
    const { p, exact } = permutationTest(differences, { random: seededRandom(1) });
    expect(exact).toBe(true);
    near(p, fixtures.paired.permutation);
  });
  it("McNemar's exact test on Agresti's table", () => {
    const [gained, lost, p] = fixtures.mcnemar;
    const differences = [
      ...new Array<number>(gained).fill(1),
      ...new Array<number>(lost).fill(-1),
      ...new Array<number>(1364).fill(0),
    ];
    const found = signTest(Float64Array.from(differences));
    near(found.p, p);
    expect(found).toMatchObject({ higher: gained, lower: lost, same: 1364 });
  });
});

describe('spreadOf', () => {
  it('is null when nothing was measured, and skips what is missing', () => {
    expect(spreadOf(Float64Array.of(Number.NaN))).toBeNull();
    expect(spreadOf(Float64Array.of(2, Number.NaN, 4))).toMatchObject({
      count: 2,
      total: 6,
      mean: 3,
      max: 4,
    });
  });
});
