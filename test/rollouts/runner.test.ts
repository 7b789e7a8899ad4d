import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent, Call, Environment, Model, Outcome, TaskRow } from '../../src/protocol/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import { Budget } from '../../src/rollouts/run/budget.js';
import { Counters } from '../../src/rollouts/run/counters.js';
import { checkBalance } from '../../src/rollouts/index.js';
import { InFlight } from '../../src/rollouts/run/in-flight.js';
import type { OwedTask, RunnerParts } from '../../src/rollouts/run/runner.js';
import { runAll } from '../../src/rollouts/run/runner.js';
import { RateWindow } from '../../src/rollouts/run/rate.js';
import { Stopper } from '../../src/rollouts/run/stopper.js';
import { Journal, repairJournal } from '../../src/rollouts/store/journal.js';
import { runFiles } from '../../src/rollouts/store/run-files.js';
import { systemClock } from '../../src/transport/index.js';
import { Workspace } from './workspace.js';

let space: Workspace;
beforeEach(() => (space = new Workspace()));
afterEach(() => space.remove());

const scored = (reward: number): Outcome => ({
  status: 'scored',
  reward,
  result: { reward, response: { usage: { total_tokens: 3 } } },
  stopReason: 'answered',
  turns: 1,
});

type Play = (row: TaskRow, call: Call) => Promise<Outcome>;

async function* owed(count: number): AsyncGenerator<OwedTask, void, void> {
  for (let task = 0; task < count; task += 1) {
    const text = JSON.stringify({ agent_ref: { name: 'a' }, _ng_task_index: task, _ng_rollout_index: 0 });
    yield { task, rollout: 0, agent: 'a', text, stored: { state: 'none', attempts: 0, kind: null } };
    await Promise.resolve();
  }
}

/** Runs `count` rollouts with an agent that plays as told, over a real journal. */
async function play(count: number, run: Play, change: Partial<RunnerParts> = {}): Promise<Counters> {
  const files = runFiles(space.file('r.jsonl'));
  await repairJournal(files);
  const journal = await Journal.open(files, (line) => line);
  const counters = new Counters();
  counters.planAll(count);
  const agent: Agent = { name: 'a', run: (row, { call }) => run(row, call) };
  const nothing = () => undefined;
  try {
    await runAll({
      concurrency: 4,
      source: owed(count),
      cast: () => ({ agent, model: {} as Model, environment: {} as Environment }),
      costOf: () => null,
      judgesOf: () => undefined,
      journal,
      inFlight: new InFlight(systemClock),
      counters,
      rate: new RateWindow(0),
      outages: { over: () => Promise.resolve() },
      clock: systemClock,
      replaying: false,
      unanswered: {},
      budget: new Budget({ costUsd: null, totalTokens: null }),
      stopper: new Stopper(),
      sinks: { done: nothing, failed: nothing, spent: nothing },
      ...change,
    });
  } finally {
    await journal.close();
  }
  checkBalance(counters.balance);
  return counters;
}

describe('runAll', () => {
  it('puts every kind of outcome where it belongs', async () => {
    const counters = await play(7, async (row) => {
      await Promise.resolve();
      switch (row._ng_task_index) {
        case 0:
          return scored(1);
        case 1:
          return { status: 'failed', kind: 'dns', message: 'no such host', retryable: true };
        case 2:
          return {
            status: 'masked',
            reason: 'session reset',
            result: { response: null, reward: 0, failure_kind: 'session_lost' },
            stopReason: 'answered',
            turns: 1,
          };
        case 3:
          return { status: 'cancelled', reason: 'stopped elsewhere' };
        case 4:
          return scored(Number.NaN);
        case 5:
          return scored(Number.POSITIVE_INFINITY);
        default:
          throw new TypeError('a bug of the agent');
      }
    });
    expect(counters.balance).toEqual({ planned: 7, scored: 1, failed: 4, masked: 1, cancelled: 1, owed: 0 });
    expect(space.keys('r.jsonl').sort()).toEqual(['0:0', '2:0']);
    expect(space.rows('r.jsonl').find((row) => row['_ng_task_index'] === 2)).toMatchObject({
      mask_sample: true,
      reward: 0,
      failure_kind: 'session_lost',
      _ng_run: { stop_reason: 'answered', turns: 1 },
    });
    const failures = space
      .rows('r_failures.jsonl')
      .sort((a, b) => Number(a['_ng_task_index']) - Number(b['_ng_task_index']));
    expect(failures).toMatchObject([
      { _ng_failure_class: 'dns', retryable: true },
      { _ng_failure_class: 'verify_failed', message: expect.stringContaining('NaN') as string },
      { _ng_failure_class: 'verify_failed', message: expect.stringContaining('Infinity') as string },
      {
        _ng_failure_class: 'internal',
        message: expect.stringContaining('TypeError: a bug of the agent') as string,
      },
    ]);
    for (const row of failures.filter(
      ({ _ng_failure_class: kind }) => kind === 'internal' || kind === 'dns',
    )) {
      expect(row).not.toHaveProperty('reward');
    }
  });

  it('leaves behind an agent that ignores its cancellation, and counts its rollout as cancelled', async () => {
    const inFlight = new InFlight(systemClock);
    const stopper = new Stopper();
    const hangs: Play = () => {
      stopper.request('abort', 'stop');
      inFlight.cancelAll('interrupted');
      return new Promise(() => undefined);
    };
    const { balance } = await play(10, hangs, { inFlight, stopper, concurrency: 2 });
    expect(balance.cancelled).toBeGreaterThan(0);
    expect(balance.cancelled + balance.owed).toBe(10);
  });

  it('keeps a reward that comes in time, and a failure from outside as that failure', async () => {
    const inFlight = new InFlight(systemClock);
    const counters = await play(
      2,
      async (row, call) => {
        for (const flight of inFlight.all()) {
          if (flight.call === call)
            flight.fail(new CallFailure('episode_timeout', 'silent', { retryable: true }));
        }
        await Promise.resolve();
        return row._ng_task_index === 0 ? scored(1) : { status: 'cancelled', reason: 'told to' };
      },
      { inFlight, concurrency: 1 },
    );
    expect(counters.balance).toMatchObject({ scored: 1, failed: 1 });
    expect(space.rows('r_failures.jsonl')).toMatchObject([{ _ng_failure_class: 'episode_timeout' }]);
  });

  it('pulls rows only when an episode can start', async () => {
    let pulled = 0;
    let done = 0;
    let ahead = 0;
    async function* source(): AsyncGenerator<OwedTask, void, void> {
      for await (const task of owed(50)) {
        pulled += 1;
        yield task;
      }
    }
    await play(
      50,
      async () => {
        ahead = Math.max(ahead, pulled - done);
        await new Promise((resolve) => setTimeout(resolve, 1));
        done += 1;
        return scored(1);
      },
      { source: source(), concurrency: 3 },
    );
    expect(done).toBe(50);
    expect(ahead).toBeLessThanOrEqual(4);
  });
});

describe('checkBalance', () => {
  it('refuses counts that do not add up', () => {
    const fine = { planned: 3, scored: 1, failed: 1, masked: 0, cancelled: 0, owed: 1 };
    expect(() => checkBalance(fine)).not.toThrow();
    expect(() => checkBalance({ ...fine, owed: 0 })).toThrow('does not add up');
    expect(() => checkBalance({ ...fine, owed: -1, scored: 3 })).toThrow('does not add up');
  });
});
