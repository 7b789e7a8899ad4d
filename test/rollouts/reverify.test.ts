import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReverifyOptions } from '../../src/rollouts/index.js';
import { reverifyRollouts } from '../../src/rollouts/index.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;

beforeEach(async () => {
  provider = await startProvider();
  space = new Workspace(provider.baseUrl);
  space.writeRows('in.jsonl', mcqaRows(6));
  await space.collect(['+num_repeats=2']);
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

async function reverify(options: Partial<ReverifyOptions> = {}, ...overrides: string[]) {
  return reverifyRollouts(await space.config(...overrides), {
    cwd: space.dir,
    inputs: 'out/r_materialized_inputs.jsonl',
    rollouts: 'out/r.jsonl',
    output: 'again/v.jsonl',
    ...options,
  });
}

const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => String(error),
  );

/** Task and rollout, then the reward as it is written. */
function rewards(file: string): string[] {
  return space
    .read(file)
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { _ng_task_index: task, _ng_rollout_index: rollout } = JSON.parse(line) as Record<string, number>;
      return `${task}:${rollout} ${/"reward":([^,]+)/.exec(line)![1]!}`;
    })
    .sort();
}

const GRADING = '++mcqa.resources_servers.mcqa.grading_mode=lenient_answer_colon';

describe('reverifyRollouts', () => {
  it('gives the same rewards, the same aggregate and keeps the rest, without asking the model', async () => {
    const before = { asked: provider.counts().requests, rows: space.read('out/r.jsonl') };
    const summary = await reverify();
    expect(summary.status).toBe('complete');
    expect(summary.balance).toMatchObject({ planned: 12, scored: 12, failed: 0, owed: 0 });
    expect(provider.counts().requests).toBe(before.asked);
    expect(rewards('again/v.jsonl')).toEqual(rewards('out/r.jsonl'));
    expect(rewards('again/v.jsonl').filter((line) => line.endsWith(' 1.0'))).toHaveLength(6);
    expect(space.read('again/v_aggregate_metrics.json')).toBe(space.read('out/r_aggregate_metrics.json'));
    expect(space.read('out/r.jsonl')).toBe(before.rows);
    const key = (row: Record<string, unknown>): string =>
      `${String(row['_ng_task_index'])}:${String(row['_ng_rollout_index'])}`;
    const old = new Map(space.rows('out/r.jsonl').map((row) => [key(row), row]));
    for (const { _ng_reverified: note, ...row } of space.rows('again/v.jsonl')) {
      const { _ng_run: was, ...stored } = old.get(key(row))!;
      const { _ng_run: now, ...rest } = row;
      expect(rest).toEqual(stored);
      const { attempts, turns } = was as Record<string, unknown>;
      expect(now).toMatchObject({ attempts, turns });
      expect(note).toMatchObject({ previous_reward: stored['reward'], attempts: [] });
    }
  });

  it('changes only what a changed verifier says differently', async () => {
    await reverify({}, GRADING);
    expect(new Set(space.rows('again/v.jsonl').map(({ reward }) => reward))).toEqual(new Set([0]));
    const responses = (file: string): string[] =>
      space
        .rows(file)
        .map(({ response }) => JSON.stringify(response))
        .sort();
    expect(responses('again/v.jsonl')).toEqual(responses('out/r.jsonl'));
  });

  it('takes up an output that was cut off, and only when asked to', async () => {
    await reverify();
    const lines = space.read('again/v.jsonl').split('\n');
    space.write('again/v.jsonl', `${lines.slice(0, 5).join('\n')}\n${lines[5]!.slice(0, 40)}`);
    expect(await errorOf(reverify())).toContain('The output exists');
    expect(await errorOf(reverify({ resume: true }, GRADING))).toContain('grading_mode');
    const summary = await reverify({ resume: true });
    expect(summary.balance).toMatchObject({ planned: 12, scored: 12 });
    expect(rewards('again/v.jsonl')).toEqual(rewards('out/r.jsonl'));
    await reverify({ overwrite: true, limit: 3 });
    expect(space.rows('again/v.jsonl')).toHaveLength(3);
    expect(space.rows('again/v.jsonl.old-1')).toHaveLength(12);
  });

  it('refuses rollouts and inputs that do not belong together', async () => {
    const lines = space.read('out/r.jsonl').trimEnd().split('\n');
    space.write('out/r.jsonl', `${lines.slice(1).join('\n')}\n`);
    expect(await errorOf(reverify())).toContain('1 of 12 inputs have neither a result nor a failure');
    expect((await reverify({ force: true })).balance.planned).toBe(11);
    space.write('out/r.jsonl', `${lines.join('\n')}\n`);
    const inputs = space.read('out/r_materialized_inputs.jsonl').split('\n');
    space.write('less.jsonl', inputs.slice(1).join('\n'));
    expect(await errorOf(reverify({ inputs: 'less.jsonl', output: 'b.jsonl' }))).toContain('0:0');
    expect(await errorOf(reverify({ output: 'out/r.jsonl' }))).toContain('changed only with --in-place');
    expect(await errorOf(reverify({ append: true }))).toContain('only with --judge-failed-only');
  });
});

/** Makes the failures of a judge, of a missing library and one of another kind, out of the first three results. */
function breakThree(): void {
  const lines = space.read('out/r.jsonl').trimEnd().split('\n');
  const failed = lines.slice(0, 3).map((line, i) => {
    const row = JSON.parse(line) as Record<string, unknown>;
    delete row['reward'];
    const kind = ['judge_failed', 'verify_unavailable', 'timeout_call'][i];
    return { ...row, _ng_failure_class: kind, message: 'no verdict', retryable: true };
  });
  space.write('out/r.jsonl', `${lines.slice(3).join('\n')}\n`);
  space.writeRows('out/r_failures.jsonl', failed);
}

describe('judgeFailedOnly', () => {
  it('copies the results and verifies only what the judge left', async () => {
    const wanted = rewards('out/r.jsonl');
    breakThree();
    const left = space.read('out/r.jsonl');
    const summary = await reverify({ judgeFailedOnly: true });
    expect(summary).toMatchObject({ status: 'complete', balance: { planned: 11, scored: 11 } });
    expect(space.read('again/v.jsonl').startsWith(left)).toBe(true);
    expect(space.rows('again/v.jsonl').filter((row) => '_ng_reverified' in row)).toHaveLength(2);
    expect(wanted).toEqual(expect.arrayContaining(rewards('again/v.jsonl')));
    expect(space.read('out/r.jsonl')).toBe(left);
  });

  it('appends to the run itself when asked, and leaves other failures alone', async () => {
    breakThree();
    const left = space.read('out/r.jsonl');
    const options = { judgeFailedOnly: true, append: true, output: 'out/r.jsonl' };
    const summary = await reverify(options);
    expect(summary).toMatchObject({ status: 'incomplete', balance: { planned: 12, scored: 11, failed: 1 } });
    expect(space.read('out/r.jsonl').startsWith(left)).toBe(true);
    expect(space.rows('out/r.jsonl')).toHaveLength(11);
    expect(space.rows('out/r_failures.jsonl')).toHaveLength(3);
    expect(await errorOf(reverify(options))).toContain('Nothing was changed');
  });
});
