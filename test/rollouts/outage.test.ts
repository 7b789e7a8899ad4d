import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunControl, RunEvent } from '../../src/rollouts/index.js';
import { describeStatus } from '../../src/rollouts/index.js';
import { mcqaRows, Workspace } from './workspace.js';

/** The long form: 2,000 rollouts and 20 s without the provider. */
const LONG = process.env['NGYM_FULL'] === '1';
const PROVIDER = path.resolve(import.meta.dirname, '../support/provider/cli.mjs');

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A provider in a process of its own, which can be killed and started again at the same address. */
class Engine {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  static async reserve(...options: string[]): Promise<Engine> {
    return new Engine(await freePort(), options);
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  async start(): Promise<void> {
    const args = [PROVIDER, '--port', String(this.port), ...this.options];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child = child;
    await once(child.stdout!, 'data');
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

let space: Workspace;
let engines: Engine[];

async function engine(...options: string[]): Promise<Engine> {
  const made = await Engine.reserve(...options);
  engines.push(made);
  return made;
}

beforeEach(() => {
  engines = [];
});

afterEach(async () => {
  await Promise.all(engines.map((one) => one.kill()));
  space.remove();
});

function scored(events: readonly RunEvent[]): number {
  const last = events.findLast((event) => event.type === 'progress');
  return last?.type === 'progress' ? last.progress.scored : 0;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

const types = (events: readonly RunEvent[]): string[] =>
  events.map(({ type }) => type).filter((type) => type === 'waiting' || type === 'resumed');

describe('a provider that goes away in the middle of a run', () => {
  it('costs time and nothing else: all is scored once it is back, with no failure and no episode begun anew', async () => {
    const [tasks, repeats, awayMs] = LONG ? [500, 4, 20_000] : [150, 2, 2_500];
    const upstream = await engine('--latency', '30-120');
    await upstream.start();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(tasks));
    let control: RunControl | undefined;
    const running = space.collect([`+num_repeats=${repeats}`, '+num_samples_in_parallel=32'], {
      onControl: (given) => (control = given),
    });
    await until(() => scored(space.events) >= (tasks * repeats) / 5);
    await upstream.kill();
    await until(() => types(space.events).includes('waiting'));
    const before = control!.status();
    await sleep(awayMs);
    const during = control!.status();
    // Nothing was failed, nothing new began, and whoever was in flight kept its place.
    expect(during.balance).toMatchObject({ failed: 0, scored: before.balance.scored });
    expect(during.inFlight.map(({ episodeId }) => episodeId).sort()).toEqual(
      before.inFlight.map(({ episodeId }) => episodeId).sort(),
    );
    expect(during.inFlight.length).toBeGreaterThan(0);
    expect(during.inFlight.every(({ phase }) => phase === 'waiting')).toBe(true);
    expect(during.progress).toMatchObject({ etaMs: null, waiting: { name: 'policy_model' } });
    expect(describeStatus(during)).toMatch(
      /waiting for policy_model since \d\d:\d\d:\d\d \(connection refused\), (next try in \d+ s|trying now)/,
    );
    expect(describeStatus(during)).toMatch(/policy_model http:\S+\/v1: down for \d+ s \(connection refused\)/);
    await upstream.start();
    const summary = await running;
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: tasks * repeats, failed: 0 } });
    expect(types(space.events)).toEqual(['waiting', 'resumed']);
    expect(space.read('out/r_failures.jsonl')).toBe('');
    expect(space.keys('out/r.jsonl')).toHaveLength(tasks * repeats);
  });

  it('may be gone before the first request, with preflight=false', async () => {
    const upstream = await engine();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(20));
    const running = space.collect();
    await until(() => types(space.events).includes('waiting'));
    await upstream.start();
    expect(await running).toMatchObject({ status: 'complete', balance: { scored: 20, failed: 0 } });
  });

  it('stops the clocks of what is in flight: no time limit passes while it is away', async () => {
    const upstream = await engine('--latency', '300-400');
    await upstream.start();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(30));
    const model = 'policy_model.responses_api_models.inference_provider';
    const running = space.collect([
      `++${model}.request_timeout_seconds=2`,
      '++mcqa_simple_agent.responses_api_agents.simple_agent.episode_timeout_seconds=2',
      '+stall_timeout_seconds=2',
      '+num_samples_in_parallel=10',
    ]);
    await until(() => scored(space.events) >= 5);
    await upstream.kill();
    await until(() => types(space.events).includes('waiting'));
    await sleep(4_000);
    await upstream.start();
    expect(await running).toMatchObject({ status: 'complete', balance: { scored: 30, failed: 0 } });
  });
});

describe('an outage that takes too long', () => {
  it('ends the run as incomplete: everything is owed, nothing failed, and the same command goes on', async () => {
    const upstream = await engine('--latency', '50-100');
    await upstream.start();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(60));
    const running = space.collect(['+max_outage_seconds=1', '+num_samples_in_parallel=8']);
    await until(() => scored(space.events) >= 10);
    await upstream.kill();
    const summary = await running;
    expect(summary).toMatchObject({ status: 'incomplete', balance: { failed: 0 } });
    expect(summary.balance.owed + summary.balance.cancelled + summary.balance.scored).toBe(60);
    expect(summary.stopped).toMatch(
      /^policy_model could not be reached for 1 s \(max_outage_seconds\): http:\S+: connection refused$/,
    );
    expect(summary.next).toMatch(/^Once it can be reached, run the same command again: it goes on with the \d+/);
    await upstream.start();
    expect(await space.collect()).toMatchObject({ status: 'complete', balance: { scored: 60 } });
  });

  it('with max_outage_seconds=0 is too long at once', async () => {
    const upstream = await engine();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(10));
    const summary = await space.collect(['+max_outage_seconds=0']);
    expect(summary).toMatchObject({ status: 'incomplete', balance: { failed: 0, scored: 0 } });
  });

  it('ends at once at the first Ctrl-C: nothing is under way', async () => {
    const upstream = await engine();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(10));
    const drain = new AbortController();
    const running = space.collect([], { signals: { drain: drain.signal } });
    await until(() => types(space.events).includes('waiting'));
    drain.abort();
    expect(await running).toMatchObject({ status: 'interrupted', balance: { failed: 0, scored: 0 } });
  });
});
