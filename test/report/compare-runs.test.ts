import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/report/index.js';
import { storedRun, type Told } from './sample-run.js';

const golden = (name: string): string => path.resolve(import.meta.dirname, 'golden', name);

/** One rollout per task; a letter per task: r right, w wrong, f failed. */
function run(letters: string, change: (told: Told) => Told = (told) => told): string {
  return storedRun(
    letters.split('').map((letter, task) =>
      change({
        task,
        answer: letter === 'r' ? 'A' : 'B',
        ...(letter === 'f' ? { failures: ['overloaded'] } : { reward: letter === 'r' ? 1 : 0 }),
      }),
    ),
  );
}

describe('compareRuns', () => {
  it.each([
    ['text', 'compare.txt'],
    ['markdown', 'compare.md'],
    ['json', 'compare.json'],
  ] as const)('%s', async (format, file) => {
    const { text } = await compareRuns({ first: run('rrrwwwrrwf'), second: run('rwwwrrrrww'), format });
    await expect(text).toMatchFileSnapshot(golden(file));
  });

  it("agrees with McNemar's exact test on right-or-wrong rollouts", async () => {
    const { compared } = await compareRuns({
      first: run('r'.repeat(2) + 'w'.repeat(10) + 'r'.repeat(8)),
      second: run('w'.repeat(2) + 'r'.repeat(10) + 'r'.repeat(8)),
    });
    // SciPy: binomtest(2, 12).pvalue
    expect(compared.agents[0]!.comparison).toMatchObject({
      improved: 10,
      regressed: 2,
      same: 8,
      difference: expect.closeTo(0.4, 12) as number,
      verdict: 'higher',
      tests: {
        sign: { name: 'McNemar', p: expect.closeTo(0.03857421875, 12) as number },
        permutation: { p: expect.closeTo(0.03857421875, 12) as number, exact: true },
      },
    });
  });

  /** One reward per task. */
  const rewards = (...values: number[]): string =>
    storedRun(values.map((reward, task) => ({ task, reward })));

  it('says that fewer than six tasks can show nothing, and does not call it certain', async () => {
    const { compared, text } = await compareRuns({
      first: rewards(0, 0, 0, 0, 0),
      second: rewards(1, 1, 1, 1, 1),
    });
    const { comparison } = compared.agents[0]!;
    expect(comparison).toMatchObject({ difference: 1, verdict: 'too few tasks', detectable: null });
    // Clopper and Pearson's bound for none of five is 0.5218: as many tasks could have been the other way.
    expect(comparison.interval).toMatchObject({ method: 'all-equal', high: 1 });
    expect(comparison.interval!.low).toBeCloseTo(1 - 2 * 0.5218, 4);
    expect(text).toContain('With 5 tasks this test can find nothing: its p cannot be below 0.0625.');
    expect(text).toContain('at least 6 tasks');
    expect(text).not.toContain('four times in five');
    expect(text).toContain('All tasks differ by the same');
  });

  it('gives no interval where nothing varies and rewards go beyond 0 to 1', async () => {
    const { compared, text } = await compareRuns({
      first: rewards(1, 2, 3, 4, 5, 6, 7),
      second: rewards(2, 3, 4, 5, 6, 7, 8),
    });
    expect(compared.agents[0]!.comparison).toMatchObject({
      interval: null,
      detectable: null,
      verdict: 'higher',
    });
    expect(text).toContain('there is no interval');
  });

  it('says when too few of the tasks differ to show anything', async () => {
    const { text } = await compareRuns({ first: run('wwwwwwww'), second: run('rrrrrwww') });
    expect(text).toContain('Only 5 of 8 tasks differ; fewer than 6 cannot show a difference.');
  });

  it('does not take the last digit of a mean for a change', async () => {
    const thirds = (order: readonly number[]): string =>
      storedRun(order.map((reward, rollout) => ({ task: 0, rollout, reward })));
    const { compared } = await compareRuns({
      first: thirds([0.1, 0.2, 0.3]),
      second: thirds([0.3, 0.2, 0.1]),
    });
    expect(compared.agents[0]!.comparison).toMatchObject({
      improved: 0,
      regressed: 0,
      same: 1,
      difference: 0,
    });
    expect(compared.agents[0]!.flips).toEqual([]);
  });

  it('tells its means over tasks from the means over rollouts that a report shows', async () => {
    const uneven = storedRun([
      { task: 0, rollout: 0, reward: 1 },
      { task: 0, rollout: 1, reward: 1 },
      { task: 0, rollout: 2, reward: 1 },
      { task: 1, rollout: 0, reward: 0 },
    ]);
    const { compared } = await compareRuns({ first: uneven, second: uneven });
    expect(compared.agents[0]!.comparison).toMatchObject({ first: 0.5, second: 0.5 });
    expect(compared.notices.join()).toContain(
      'over rollouts, as a report shows them, they are 0.7500 and 0.7500',
    );
  });

  it('pairs equal tasks wherever they are in the dataset', async () => {
    const reversed = storedRun(
      ['r', 'w'].map((letter, i) => ({
        task: 1 - i,
        question: `question ${i}`,
        reward: letter === 'r' ? 1 : 0,
      })),
    );
    const { compared } = await compareRuns({ first: run('rw'), second: reversed });
    expect(compared.agents[0]!.comparison).toMatchObject({ tasks: 2, same: 2 });
  });

  it('does not mind another agent, model or sampling', async () => {
    const { compared } = await compareRuns({
      first: run('rw'),
      second: run('rw', (told) => ({ ...told, agent: 'other' })),
    });
    expect(compared.agents[0]!.agent).toBe('ag → other');
  });

  it('refuses different tasks and says what differs', async () => {
    const other = run('rwr', (told) => (told.task === 1 ? { ...told, question: 'else' } : told));
    await expect(compareRuns({ first: run('rw'), second: other })).rejects.toMatchObject({
      code: 'COMPARE_DIFFERENT_TASKS',
      message: expect.stringMatching(
        /task 1: responses_create_params.input differs\n.*task 2: only in the second run/,
      ) as string,
    });
  });

  it('compares the tasks that both have, or ignores the prompt, when asked to', async () => {
    const longer = run('rwr');
    const common = await compareRuns({ first: run('rw'), second: longer, match: 'common' });
    expect(common.compared.agents[0]!.comparison.tasks).toBe(2);
    expect(common.compared.notices[0]).toContain('2 tasks are in both runs; 0 only in the first, 1 only');
    const reworded = run('rw', (told) => ({ ...told, question: `please: ${told.task}` }));
    const fields = await compareRuns({ first: run('rw'), second: reworded, match: 'fields' });
    expect(fields.compared.agents[0]!.comparison.tasks).toBe(2);
  });

  it('refuses runs without a shared reward', async () => {
    await expect(compareRuns({ first: run('rf'), second: run('fr') })).rejects.toMatchObject({
      code: 'COMPARE_NOTHING_SHARED',
    });
  });
});
