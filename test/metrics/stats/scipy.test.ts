import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  fairCoinTest,
  meanInterval,
  normalCdf,
  normalQuantile,
  pairedDifference,
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
  components: { groups: number[][]; components: [number, number] }[];
  quantiles: { values: number[]; found: number[] };
  paired: { pairs: [number, number][]; t: [number, number]; permutation: number };
  mcnemar: [number, number, number];
}

/** Computed by SciPy: test/fixtures/stats/make_statistics.py. */
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

describe('statistics agree with SciPy', () => {
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
    const found = meanInterval(clusters(groups))!;
    near(found.low, interval[0]);
    near(found.high, interval[1]);
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
