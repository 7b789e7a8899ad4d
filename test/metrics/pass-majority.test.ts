import { describe, expect, it } from 'vitest';
import { passMajority, plain, selectKeyMetrics } from '../../src/metrics/index.js';

function scores(tasks: readonly (readonly [number, string | null][])[]) {
  const flat = tasks.flat();
  const answers = [...new Set(flat.map(([, answer]) => answer).filter((answer) => answer !== null))];
  let at = 0;
  return {
    starts: [0, ...tasks.map((task) => (at += task.length))],
    scores: new Map([['accuracy', Float64Array.from(flat, ([score]) => score)]]),
    answers: Int32Array.from(flat, ([, answer]) => (answer === null ? -1 : answers.indexOf(answer))),
  };
}

describe('passMajority', () => {
  it('agrees with the worked example of the reference', () => {
    const found = passMajority(
      scores([
        [
          [1, 'A'],
          [0, 'B'],
          [0, 'B'],
        ],
        [
          [0, null],
          [1, 'A'],
          [1, 'A'],
        ],
      ]),
    );
    expect(plain(found.metrics)).toMatchObject({
      'pass@1/accuracy': 50,
      'pass@2/accuracy': 83.33333333333334,
      'pass@3/accuracy': 100,
      'pass@1[avg-of-2]/accuracy': 50,
      'majority@1/accuracy': 50,
      'majority@2/accuracy': 75,
      'majority@3/accuracy': 50,
      'pass@1/no_answer': 16.666666666666668,
    });
    expect(plain(found.perSample)['accuracy']).toEqual([50, 50, 50]);
  });

  it('leaves a task that is too short out of pass@k only', () => {
    const found = plain(
      passMajority(
        scores([
          [
            [1, 'A'],
            [0, 'B'],
          ],
          [[1, 'A']],
        ]),
      ).metrics,
    );
    expect(found).toMatchObject({ 'pass@2/accuracy': 100, 'pass@1[avg-of-2]/accuracy': 75 });
  });

  it('is exact where binomials pass 2^53: 1 - C(900, 100) / C(1000, 100)', () => {
    const task = Array.from({ length: 1000 }, (_, i): [number, string | null] => [i < 100 ? 1 : 0, 'A']);
    const found = plain(passMajority(scores([task])).metrics);
    // Python: 100.0 * (1 - math.comb(900, 100) / math.comb(1000, 100))
    expect(found['pass@100/accuracy']).toBe(99.99853031619732);
  });
});

describe('selectKeyMetrics', () => {
  it('puts the largest k in the place of {k}', () => {
    const metrics = {
      'mean/reward': 0.5,
      'pass@1/accuracy': 1,
      'pass@10/accuracy': 2,
      'pass@9/accuracy': 3,
      'pass@1[avg-of-10]/accuracy': 4,
      'pass@1[avg-of-10]/accuracy/std_dev_across_runs': 5,
    };
    expect(
      selectKeyMetrics(metrics, ['mean/reward', 'pass@1[avg-of-{k}]/*', 'pass@{k}/accuracy', 'nothing']),
    ).toEqual({ 'mean/reward': 0.5, 'pass@1[avg-of-10]/accuracy': 4, 'pass@10/accuracy': 2 });
  });
});
