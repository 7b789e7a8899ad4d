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
