import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planRepeats } from '../../src/report/index.js';
import { storedRun, type Told } from './sample-run.js';

function run(tasks: number, repeats: number, reward: (task: number, rollout: number) => number): string {
  const rows: Told[] = [];
  for (let task = 0; task < tasks; task++) {
    for (let rollout = 0; rollout < repeats; rollout++)
      rows.push({ task, rollout, reward: reward(task, rollout) });
  }
  return storedRun(rows);
}

describe('planRepeats', () => {
  it('says that four times the repeats halve the interval when tasks are alike', async () => {
    const { plans } = await planRepeats({ rollouts: run(30, 4, (task, rollout) => (task + rollout) % 2) });
    expect(plans[0]).toMatchObject({ components: { between: 0 }, repeats_to_halve: 16 });
  });

  it('says that no number of repeats helps when only tasks differ', async () => {
    const rollouts = run(30, 4, (task) => task % 2);
    const { plans, text } = await planRepeats({ rollouts });
    expect(plans[0]).toMatchObject({ repeats_to_halve: null, tasks_to_halve: expect.any(Number) as number });
    // A quarter of the variance needs four times the tasks, and a little less because of Student's t.
    expect(plans[0]!.tasks_to_halve).toBeGreaterThan(110);
    expect(plans[0]!.tasks_to_halve).toBeLessThanOrEqual(120);
    expect(text).toContain('no number of repeats halves the interval');
  });

  it('asks for repeats when there are none', async () => {
    const { text } = await planRepeats({ rollouts: run(10, 1, (task) => task % 2) });
    expect(text).toContain('+num_repeats=2');
  });

  it('says so when nothing varies, and with one task', async () => {
    expect((await planRepeats({ rollouts: run(5, 2, () => 1) })).text).toContain('all rewards are equal');
    expect((await planRepeats({ rollouts: run(1, 4, (_, i) => i % 2) })).text).toContain('with one task');
  });

  it('text', async () => {
    const { text } = await planRepeats({
      rollouts: run(40, 4, (task, rollout) => ((task * 7 + rollout * 3) % 10 < 3 + (task % 5) ? 1 : 0)),
    });
    await expect(text).toMatchFileSnapshot(path.resolve(import.meta.dirname, 'golden/plan.txt'));
  });
});
