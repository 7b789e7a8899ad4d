import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/rollouts/index.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;
let latency = 50;

beforeEach(async () => {
  latency = 50;
  provider = await startProvider({
    faultFor: () => ({ kind: 'stall_before_headers', ms: latency }),
  });
  space = new Workspace(provider.baseUrl);
  space.writeRows('in.jsonl', mcqaRows(40));
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

/** Aborts a signal when the provider has seen this many requests. */
function after(requests: number, controller: AbortController): () => void {
  const timer = setInterval(() => {
    if (provider.counts().requests >= requests) controller.abort();
  }, 5);
  return () => clearInterval(timer);
}

describe('stopping', () => {
  it('drains: what is in flight finishes, nothing new starts, the rest is owed and resumed', async () => {
    const drain = new AbortController();
    const done = after(6, drain);
    const summary = await space.collect(['+num_samples_in_parallel=4'], { signals: { drain: drain.signal } });
    done();
    const { scored, owed, cancelled, failed } = summary.balance;
    expect(summary.status).toBe('interrupted');
    expect({ sum: scored + owed, cancelled, failed }).toEqual({ sum: 40, cancelled: 0, failed: 0 });
    expect(owed).toBeGreaterThan(0);
    expect(space.rows('out/r.jsonl')).toHaveLength(scored);
    expect(provider.counts().requests).toBe(scored);
    expect(summary.next).toContain(`${owed} rollouts that are owed`);
    latency = 1;
    const rest = await space.collect();
    expect(rest).toMatchObject({ status: 'complete', balance: { scored: 40 } });
    expect(provider.counts().requests).toBe(40);
  });

  it('aborts: what is in flight is cancelled, not failed, and resumed', async () => {
    const abort = new AbortController();
    latency = 60_000;
    const done = after(4, abort);
    const summary = await space.collect(['+num_samples_in_parallel=4'], { signals: { abort: abort.signal } });
    done();
    expect(summary).toMatchObject({
      status: 'interrupted',
      balance: { scored: 0, failed: 0, cancelled: 4, owed: 36 },
    });
    expect(space.read('out/r_failures.jsonl')).toBe('');
    latency = 1;
    expect(await space.collect()).toMatchObject({ status: 'complete', balance: { scored: 40 } });
  });

  it('starts nothing when the signal was given before', async () => {
    const summary = await space.collect([], { signals: { drain: AbortSignal.abort() } });
    expect(summary).toMatchObject({ status: 'interrupted', balance: { owed: 40 } });
    expect(provider.counts().requests).toBe(0);
  });

  it('has at most num_samples_in_parallel in flight, and tells a start, progress and an end', async () => {
    const seen: RunEvent[] = [];
    await space.collect(['+num_samples_in_parallel=3'], { reporter: (event) => seen.push(event) });
    expect(provider.counts().maxOpen).toBe(3);
    expect(seen[0]).toMatchObject({
      type: 'start',
      planned: 40,
      concurrency: 3,
      resumed: false,
      alreadyDone: 0,
    });
    expect(seen.at(-1)).toMatchObject({ type: 'end', summary: { status: 'complete' } });
    const last = seen.at(-2);
    expect(last).toMatchObject({ type: 'progress', progress: { scored: 40, inFlight: 0, meanReward: 0.5 } });
    for (const event of seen) {
      if (event.type !== 'progress') continue;
      const { planned, scored, failed, masked, cancelled, owed, inFlight } = event.progress;
      expect(scored + failed + masked + cancelled + owed + inFlight).toBe(planned);
    }
  });
});
