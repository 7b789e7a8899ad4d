import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { growingTasks } from '../../src/rollouts/dataset/growing-tasks.js';
import { Materializer } from '../../src/rollouts/dataset/materializer.js';
import { materialize } from '../../src/rollouts/dataset/plan.js';
import { LEAD_LINES, Planning } from '../../src/rollouts/planning.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

const EXPAND = {
  routing: { agentMap: { _default: 'a', b: 'b' }, fanOut: null, agentOfSource: (source: string) => source },
  numRepeats: 2,
  addSeed: false,
  requestOverrides: {},
  template: null,
  skillsRef: null,
  agents: new Set(['a']),
};

let provider: Provider;
let space: Workspace;
beforeEach(async () => {
  provider = await startProvider({ seed: 1 });
  space = new Workspace(provider.baseUrl);
});
afterEach(async () => {
  await provider.close();
  space.remove();
});

const line = (i: number): string => `${JSON.stringify({ responses_create_params: { input: `q ${i}` } })}\n`;

/** A dataset of so many rows, some of them replaced. */
function dataset(rows: number, replaced: Readonly<Record<number, string>> = {}): string {
  return space.write('in.jsonl', Array.from({ length: rows }, (_, i) => replaced[i] ?? line(i)).join(''));
}

describe('planning beside the first rollouts', () => {
  it('gives the plan that planning first gives, each rollout only after it is on record', async () => {
    const input = dataset(12_000);
    const first = await materialize({
      input,
      target: space.file('first.jsonl'),
      limit: null,
      expand: EXPAND,
    });
    const target = space.file('beside.jsonl');
    const made = await Materializer.open({ input, target, limit: null, expand: EXPAND });
    await made.block(LEAD_LINES);
    await made.flush();
    let recorded = made.planned;
    let added = made.planned;
    const finished: unknown[] = [];
    const planning = new Planning({
      made,
      file: `${target}.partial`,
      stray: 'a',
      save: async () => {
        // The file has grown by now, and is ahead of what is on record.
        await sleep(50);
        recorded = made.planned;
      },
      finish: async (plan) => {
        await Promise.resolve();
        recorded = plan.planned;
        finished.push(plan);
      },
    });
    const handle = await open(planning.file);
    planning.start((agents) => (added += agents['a']!));
    let seen = 0;
    const wrong: string[] = [];
    for await (const { task, rollout } of growingTasks(handle, planning)) {
      if (task !== Math.floor(seen / 2) || rollout !== seen % 2)
        wrong.push(`out of order: ${task}:${rollout}`);
      seen += 1;
      if (seen > recorded) wrong.push(`not on record: ${task}:${rollout}`);
    }
    await planning.stop();
    await handle.close();
    expect([wrong, seen, added, finished]).toEqual([[], 24_000, 24_000, [first]]);
    expect(space.read('beside.jsonl')).toBe(space.read('first.jsonl'));
  });

  it('makes one rollout that fails of a line that cannot be used', async () => {
    const bad = {
      7000: '{"half\n',
      8000: '{"agent_ref":{"name":"b"},"responses_create_params":{}}\n',
      9000: '\n',
    };
    const target = space.file('out.jsonl');
    const made = await Materializer.open({
      input: dataset(10_000, bad),
      target,
      limit: null,
      expand: EXPAND,
    });
    while (await made.block(LEAD_LINES, 'a'));
    expect(await made.commit()).toMatchObject({ rows: 10_000, planned: 2 * 9997 + 3, agents: { a: 19_997 } });
    const rows = space.rows('out.jsonl').filter((row) => '_ng_row_problem' in row);
    expect(rows.map((row) => row['_ng_row_problem'])).toEqual([
      expect.stringMatching(/in\.jsonl:7001: not JSON/),
      expect.stringMatching(/in\.jsonl:8001: names the agent "b", which does not play in this run/),
      expect.stringMatching(/in\.jsonl:9001: blank line/),
    ]);
    expect(new Set(space.keys('out.jsonl')).size).toBe(19_997);
  });
});

describe('a run over a large dataset', () => {
  const ROWS = 30_000;
  const large = (replaced: Readonly<Record<number, string>> = {}): void => {
    const [row] = mcqaRows(1);
    const rows = Array.from({ length: ROWS }, (_, i) => replaced[i] ?? `${JSON.stringify({ ...row, i })}\n`);
    space.write('in.jsonl', rows.join(''));
  };
  const manifest = () =>
    JSON.parse(space.read('out/r_manifest.json')) as {
      planning?: { rows: number };
      tasks: { planned: number };
    };

  /** Stops as soon as it has begun, or when a few rollouts are scored. */
  async function begin(until: 'start' | 'scored' = 'start', ...overrides: string[]) {
    const stop = new AbortController();
    return space.collect(overrides, {
      signals: { drain: stop.signal },
      reporter: (event) => {
        space.events.push(event);
        const scored = event.type === 'progress' && event.progress.scored > 0;
        if (scored || (event.type === 'start' && until === 'start')) stop.abort();
      },
    });
  }

  it('begins before the whole of it is checked, and when it is stopped goes on with the rest of the check', async () => {
    large({ 25_000: '{"half\n' });
    const first = await begin();
    const started = space.events.find((event) => event.type === 'start');
    expect(started).toMatchObject({ planned: LEAD_LINES });
    expect(space.notices()).toContainEqual(expect.stringContaining('while the rest is checked'));
    expect(first.status).toBe('interrupted');
    expect(manifest().planning!.rows).toBeLessThan(ROWS);
    expect(manifest().tasks.planned).toBe(first.balance.planned);
    const asked = provider.counts().requests;

    const second = await begin('scored');
    expect(space.notices()).toContainEqual(expect.stringContaining('had not been checked to its end'));
    expect(second.balance.planned).toBe(ROWS);
    expect(manifest()).toMatchObject({ tasks: { planned: ROWS } });
    expect(manifest().planning).toBeUndefined();
    expect(provider.counts().requests - asked).toBe(second.balance.scored - first.balance.scored);
  }, 60_000);

  it('is another run when a line that was planned is another one, and no other when it was not', async () => {
    large();
    await begin();
    const { rows } = manifest().planning!;
    large({ 10: line(10) });
    await expect(begin()).rejects.toThrow(/different run/);
    large({ [rows]: line(rows) });
    expect((await begin()).balance.planned).toBe(ROWS);
  }, 60_000);

  it('is refused for a bad line among the first, and with check_dataset=first for any', async () => {
    large({ 100: '{"half\n' });
    await expect(begin()).rejects.toThrow(/in\.jsonl:101: not JSON/);
    large({ 25_000: '{"half\n' });
    await expect(begin('start', '+check_dataset=first')).rejects.toThrow(/in\.jsonl:25001: not JSON/);
    expect(provider.counts().requests).toBe(0);
  }, 60_000);
});
