import { describe, expect, it } from 'vitest';
import {
  detectableEffect,
  LEAST_PAIRED_TASKS,
  meanInterval,
  pairedDifference,
  permutationTest,
  seededRandom,
  signTest,
  smallestPermutationP,
  type Clusters,
} from '../../../src/metrics/index.js';
import { normal } from './draws.js';

/** Tasks with a chance of their own (easy and hard ones), `repeats` tosses each; the true mean is 0.5 + lift. */
function run(random: () => number, tasks: number, repeats: number, spread: number, lift = 0): Clusters {
  const values = new Float64Array(tasks * repeats);
  for (let task = 0; task < tasks; task++) {
    const chance = 0.5 + lift + (random() < 0.5 ? spread : -spread);
    for (let i = 0; i < repeats; i++) values[task * repeats + i] = random() < chance ? 1 : 0;
  }
  return { values, starts: Array.from({ length: tasks + 1 }, (_, i) => i * repeats) };
}

function share(rounds: number, hit: (round: number) => boolean): number {
  let hits = 0;
  for (let round = 0; round < rounds; round++) if (hit(round)) hits++;
  return hits / rounds;
}

describe('coverage of the 95 % interval, by simulation with a fixed seed', () => {
  it.each([
    ['no repeats', 60, 1, 0.3, 0],
    ['8 repeats of very different tasks', 40, 8, 0.45, 0],
    ['4 repeats of alike tasks', 50, 4, 0, 0],
    ['few tasks', 12, 5, 0.3, 0],
    ['nearly all right', 50, 4, 0.05, 0.44],
  ])('%s', (_, tasks, repeats, spread, lift) => {
    const random = seededRandom(tasks * 1000 + repeats);
    const covered = share(3000, () => {
      const { low, high } = meanInterval(run(random, tasks, repeats, spread, lift))!;
      return low <= 0.5 + lift && 0.5 + lift <= high;
    });
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.99);
  });

  it('is missed when repeats are taken for independent: the reason for clustering', () => {
    const random = seededRandom(5);
    const covered = share(2000, () => {
      const { values } = run(random, 40, 8, 0.45);
      const starts = Array.from({ length: values.length + 1 }, (_, i) => i);
      const { low, high } = meanInterval({ values, starts })!;
      return low <= 0.5 && 0.5 <= high;
    });
    expect(covered).toBeLessThan(0.75);
  });
});

describe('false alarms of the paired tests between equal runs', () => {
  const differences = (random: () => number, tasks: number, repeats: number, lift = 0): Float64Array =>
    Float64Array.from({ length: tasks }, () => {
      const chance = 0.2 + 0.6 * random();
      let sum = 0;
      for (let i = 0; i < repeats; i++) {
        sum += (random() < chance + lift ? 1 : 0) - (random() < chance ? 1 : 0);
      }
      return sum / repeats;
    });

  it('are at most 5 % (sign, permutation) and near 5 % (interval)', () => {
    const random = seededRandom(11);
    const alarms = { sign: 0, permutation: 0, interval: 0 };
    const rounds = 1500;
    for (let round = 0; round < rounds; round++) {
      const found = differences(random, 40, 3);
      if (signTest(found).p <= 0.05) alarms.sign++;
      if (permutationTest(found, { random, rounds: 400 }).p <= 0.05) alarms.permutation++;
      const { low, high } = pairedDifference(found).interval!;
      if (low > 0 || high < 0) alarms.interval++;
    }
    // Three standard errors of the simulation above 5 %.
    const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds);
    expect(alarms.sign / rounds).toBeLessThan(limit);
    expect(alarms.permutation / rounds).toBeLessThan(limit);
    expect(alarms.interval / rounds).toBeLessThan(limit);
    expect(alarms.interval / rounds).toBeGreaterThan(0.03);
  });

  it.each([6, 7, 8, 10])(
    'find the stated size over %d tasks four times in five, with the exact test',
    (n) => {
      const random = seededRandom(n);
      const effect = detectableEffect(n)!;
      const rounds = 1500;
      const power = share(rounds, () => {
        const found = Float64Array.from({ length: n }, () => effect + normal(random));
        return permutationTest(found, { random }).p <= 0.05;
      });
      // Three standard errors of the simulation around 0.80; with seven and eight tasks the test loses two points.
      const error = 3 * Math.sqrt((0.8 * 0.2) / rounds);
      expect(power).toBeGreaterThan(0.775 - error);
      expect(power).toBeLessThan(0.8 + error);
    },
  );

  it('can find nothing below six tasks, whatever the differences', () => {
    for (let n = 1; n <= 8; n++) {
      const same = new Float64Array(n).fill(1);
      const { p } = permutationTest(same, { random: seededRandom(1) });
      expect(p).toBe(smallestPermutationP(n));
      expect(p <= 0.05).toBe(n >= LEAST_PAIRED_TASKS);
    }
  });

  it('find a difference of the stated detectable size four times in five', () => {
    const random = seededRandom(3);
    const { detectable } = pairedDifference(differences(random, 4000, 2));
    const lift = detectable! * Math.sqrt(4000 / 200);
    const power = share(1000, () => {
      const { low } = pairedDifference(differences(random, 200, 2, lift)).interval!;
      return low > 0;
    });
    expect(power).toBeGreaterThan(0.74);
    expect(power).toBeLessThan(0.87);
  });
});
