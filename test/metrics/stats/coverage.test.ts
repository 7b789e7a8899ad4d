import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { meanInterval, seededRandom, type Clusters } from '../../../src/metrics/index.js';
import { beta, exponential, normal, sample, type Random } from './draws.js';

type Draw = (random: Random, tasks: number, repeats: number) => Clusters;

/** Right-or-wrong rollouts of tasks whose chances are drawn from Beta(a, b). */
const tosses =
  (a: number, b: number): Draw =>
  (random, tasks, repeats) =>
    sample(
      tasks,
      repeats,
      () => beta(random, a, b),
      (chance) => Number(random() < chance),
    );
/** Rewards of k quarters, as a rubric of four points gives them. */
const quarters =
  (a: number, b: number): Draw =>
  (random, tasks, repeats) =>
    sample(
      tasks,
      repeats,
      () => beta(random, a, b),
      (chance) => [1, 2, 3, 4].filter(() => random() < chance).length / 4,
    );
const alone =
  (of: (random: Random) => number): Draw =>
  (random, tasks, repeats) =>
    sample(
      tasks,
      repeats,
      () => null,
      () => of(random),
    );

/** What the table in docs/results.md calls its rows: how to draw, and the true mean. */
const REWARDS: Record<string, [Draw, number]> = {
  'right or wrong, tasks alike': [tosses(50, 50), 0.5],
  'right or wrong, tasks of all kinds': [tosses(0.5, 0.5), 0.5],
  'right or wrong, most tasks solved': [tosses(9, 1), 0.9],
  'right or wrong, one task in ten solved': [tosses(0.1, 0.9), 0.1],
  'quarters, tasks of all kinds': [quarters(0.5, 0.5), 0.5],
  'quarters, most tasks near 0': [quarters(0.3, 2.7), 0.1],
  'any share, most near 0': [alone((random) => beta(random, 0.1, 0.9)), 0.1],
  'any share, spread evenly': [alone((random) => random()), 0.5],
  'normal, no bounds': [
    (random, tasks, repeats) =>
      sample(
        tasks,
        repeats,
        () => normal(random),
        (task) => task + normal(random),
      ),
    0,
  ],
  'exponential, no bounds': [alone(exponential), 1],
  'log-normal, no bounds': [alone((random) => Math.exp(normal(random))), Math.exp(0.5)],
};

interface Claim {
  rewards: string;
  tasks: number;
  repeats: number;
  /** Percent. */
  covered: number;
}

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../../docs/results.md'), 'utf8');
const ROW = /^\| ([^|]+?) \| (\d+) \| (\d+) \| ([\d.]+) % \|$/gm;
const claims: Claim[] = [...PAGE.matchAll(ROW)].map(([, rewards, tasks, repeats, covered]) => ({
  rewards: rewards!,
  tasks: Number(tasks),
  repeats: Number(repeats),
  covered: Number(covered),
}));

const ROUNDS = 4000;

function coverage(draw: Draw, mean: number, { tasks, repeats }: Claim): number {
  const random = seededRandom(tasks * 1000 + repeats);
  let hits = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const interval = meanInterval(draw(random, tasks, repeats));
    if (interval !== null && interval.low <= mean && mean <= interval.high) hits++;
  }
  return (100 * hits) / ROUNDS;
}

describe('coverage of the 95 % interval as docs/results.md states it', () => {
  it('has a row for every kind of reward', () => {
    expect(new Set(claims.map(({ rewards }) => rewards))).toEqual(new Set(Object.keys(REWARDS)));
  });

  it.each(claims)('$rewards, $tasks tasks × $repeats: $covered %', (claim) => {
    const [draw, mean] = REWARDS[claim.rewards]!;
    // The page rounds to tenths. The seed is fixed; only the last bits of logarithms may differ between machines.
    expect(Math.abs(coverage(draw, mean, claim) - claim.covered)).toBeLessThanOrEqual(0.1);
  });

  it('never leaves 0 to 1, and is never of no width, where rewards are between 0 and 1', () => {
    const random = seededRandom(8);
    const kinds = Object.values(REWARDS)
      .slice(0, 8)
      .map(([draw]) => draw);
    const equal: Draw[] = [0, 0.25, 0.5, 1].map((value) => alone(() => value));
    for (let round = 0; round < 3000; round++) {
      const draw = [...kinds, ...equal][round % (kinds.length + equal.length)]!;
      const tasks = 2 + Math.floor(random() * 12);
      const { low, high } = meanInterval(draw(random, tasks, 1 + Math.floor(random() * 4)))!;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(high).toBeGreaterThan(low);
    }
  });
});
