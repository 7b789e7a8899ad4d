import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/protocol/index.js';
import type { RetryBudget, Transport, TransportOptions } from '../../src/transport/index.js';
import { createRetryBudget, systemClock, TimeLimit } from '../../src/transport/index.js';
import { attemptsFor, DEFAULT_RETRY } from '../../src/transport/backoff.js';
import { testCall, type TestCall } from '../support/call.js';
import { Engine } from '../support/engine.js';
import { startProvider, type Provider, type ProviderOptions } from '../support/provider/provider.mjs';
import { chatWire, failureOf, testTransport } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function engine(): Promise<Engine> {
  const made = await Engine.reserve();
  open.push({ close: () => made.kill() });
  return made;
}

async function provider(options: ProviderOptions): Promise<Provider> {
  const made = await startProvider(options);
  open.push(made);
  return made;
}

/** A transport that watches its endpoints, in real time. */
function watching(bases: readonly string[], more: Partial<TransportOptions> = {}): Transport {
  const made = testTransport({ clock: systemClock, outage: { maxWaitMs: Infinity }, ...more });
  made.watch(bases, (base) => Promise.resolve(chatWire(base, 'a probe')));
  open.push(made);
  return made;
}

/** A call that notes how long its clocks stood still. */
function pausable(): TestCall & Call & { pauses: number } {
  const call = { ...testCall(), pauses: 0, pause: () => () => undefined };
  call.pause = () => {
    call.pauses += 1;
    return () => undefined;
  };
  return call;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

describe('attempts in all', () => {
  it.each([
    ['connect_refused', 5],
    ['dns', 3],
    ['connection_reset', 5],
    ['timeout_connect', 3],
    ['timeout_first_byte', 2],
    ['timeout_idle', 2],
    ['rate_limited', 5],
    ['overloaded', 5],
    ['server_error', 5],
    ['in_band_error', 3],
    ['garbage_reply', 3],
    ['tls', 1],
    ['auth', 1],
    ['bad_request', 1],
    ['quota_exhausted', 1],
  ] as const)('of %s: %i', (kind, attempts) => {
    expect(attemptsFor(kind, DEFAULT_RETRY)).toBe(attempts);
    expect(attemptsFor(kind, { ...DEFAULT_RETRY, maxAttempts: 1 })).toBe(1);
  });
});

describe('requests to an endpoint that is down', () => {
  it('wait, with their clocks stopped, and go out once when it is back', async () => {
    const upstream = await engine();
    const made = watching([upstream.baseUrl]);
    const calls = Array.from({ length: 40 }, pausable);
    const replies = calls.map((call, i) => made.exchange(chatWire(upstream.baseUrl, `[answer: ${i}]`), call));
    await until(() => made.reach.outage() !== null);
    expect(made.reach.outage()).toMatchObject({ reason: 'connection refused', url: upstream.baseUrl });
    await until(() => calls.every(({ phases }) => phases.at(-1) === 'waiting'));
    // One that comes now waits without having been sent.
    const late = pausable();
    const lateReply = made.exchange(chatWire(upstream.baseUrl, '[answer: late]'), late);
    await until(() => late.phases.includes('waiting'));
    expect(late.attempts).toEqual([]);
    await upstream.start();
    expect((await Promise.all(replies)).map(({ value }) => value)).toEqual(calls.map((_, i) => String(i)));
    expect((await lateReply).value).toBe('late');
    expect(late.attempts.map(({ result }) => result)).toEqual(['ok']);
    expect(calls.every(({ pauses }) => pauses >= 1)).toBe(true);
    expect(made.reach.outage()).toBeNull();
    // Each request and the probe that found it again.
    expect(await upstream.requests()).toBe(42);
  });

  it('are given up after the longest wait, with the time to come back', async () => {
    const upstream = await engine();
    const made = watching([upstream.baseUrl], { outage: { maxWaitMs: 50 } });
    const failure = await failureOf(made.exchange(chatWire(upstream.baseUrl), testCall()));
    expect(failure.kind).toBe('circuit_open');
    expect(failure.message).toContain('connection refused');
    expect(failure.details.retryAfterMs).toBeGreaterThanOrEqual(1000);
  });

  it('end at once when their episode does', async () => {
    const upstream = await engine();
    const made = watching([upstream.baseUrl]);
    const call = testCall();
    const pending = made.exchange(chatWire(upstream.baseUrl), call);
    await until(() => call.phases.includes('waiting'));
    call.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  it('spend nothing of the allowance of second attempts', async () => {
    const upstream = await engine();
    let taken = 0;
    const budget = (): RetryBudget => {
      const real = createRetryBudget({ floor: 5, share: 0 });
      return {
        earn: () => real.earn(),
        take: () => real.take() && (taken += 1) > 0,
        giveBack: (count) => {
          taken -= count;
          real.giveBack(count);
        },
      };
    };
    const made = watching([upstream.baseUrl], { newRetryBudget: budget });
    const calls = Array.from({ length: 50 }, () => testCall());
    const replies = calls.map((call) => made.exchange(chatWire(upstream.baseUrl), call));
    await until(() => made.reach.outage() !== null);
    await upstream.start();
    await Promise.all(replies);
    expect(taken).toBe(0);
  });
});

describe('a request that fails by its own fault', () => {
  it('fails after its attempts, though no other request is there to show that the endpoint serves', async () => {
    const upstream = await provider({
      faultFor: ({ prompt }) => (prompt.includes('poison') ? 'status_500' : undefined),
    });
    const made = watching([upstream.baseUrl], { retry: { maxAttempts: 2 } });
    const call = testCall();
    const failure = await failureOf(made.exchange(chatWire(upstream.baseUrl, 'poison'), call));
    expect(failure.kind).toBe('server_error');
    expect(call.attempts).toHaveLength(2);
    expect(call.phases).not.toContain('waiting');
    expect(made.reach.outage()).toBeNull();
  });

  it('pays for its attempts while others succeed', async () => {
    const upstream = await provider({
      latency: 10,
      faultFor: ({ prompt }) => (prompt.includes('poison') ? 'reset' : undefined),
    });
    const made = watching([upstream.baseUrl], {
      newRetryBudget: () => createRetryBudget({ floor: 1, share: 0 }),
    });
    let over = false;
    const others = (async () => {
      while (!over) await made.exchange(chatWire(upstream.baseUrl, 'fine'), testCall());
    })();
    const failure = await failureOf(made.exchange(chatWire(upstream.baseUrl, 'poison'), testCall()));
    over = true;
    await others;
    expect(failure.kind).toBe('retry_budget_spent');
  });
});

describe('an endpoint that answers 503 to everything', () => {
  it('is down too, and back when a probe is answered', async () => {
    let healthy = false;
    const upstream = await provider({ faultFor: () => (healthy ? undefined : 'status_503') });
    const made = watching([upstream.baseUrl]);
    const pending = made.exchange(chatWire(upstream.baseUrl, '[answer: at last]'), testCall());
    await until(() => made.reach.outage() !== null);
    expect(made.reach.endpoints()[0]!.outage).toMatchObject({ reason: 'HTTP 503' });
    healthy = true;
    expect((await pending).value).toBe('at last');
  });

  it('is back when a request that waited is answered, though it fails every probe', async () => {
    let healthy = false;
    const upstream = await provider({
      faultFor: ({ prompt }) => (healthy && !prompt.includes('a probe') ? undefined : 'status_500'),
    });
    const made = watching([upstream.baseUrl]);
    const calls = ['one', 'two', 'three'].map((text) =>
      made.exchange(chatWire(upstream.baseUrl, `[answer: ${text}]`), testCall()),
    );
    await until(() => made.reach.outage() !== null);
    healthy = true;
    expect((await Promise.all(calls)).map(({ value }) => value)).toEqual(['one', 'two', 'three']);
    expect(made.reach.outage()).toBeNull();
  });

  it('is not, when it only refuses: what is asked is what counts', async () => {
    const upstream = await provider({ rates: { status_429: 1 } });
    const made = watching([upstream.baseUrl], { retry: { maxAttempts: 1 } });
    expect((await failureOf(made.exchange(chatWire(upstream.baseUrl), testCall()))).kind).toBe(
      'rate_limited',
    );
    expect(made.reach.endpoints()[0]!.state).toBe('up');
  });
});

describe('several endpoints', () => {
  it('have a limit and an allowance each, and together no more requests than configured', async () => {
    const [one, two] = [await provider({ latency: 40 }), await provider({ latency: 40 })];
    const made = watching([one.baseUrl, two.baseUrl], { maxConcurrent: 4 });
    const asked = [one, two].flatMap(({ baseUrl }) =>
      Array.from({ length: 12 }, () => made.exchange(chatWire(baseUrl), testCall())),
    );
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, one.counts().open + two.counts().open)), 2);
    await Promise.all(asked);
    clearInterval(timer);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
    expect(made.reach.endpoints().map(({ url }) => url)).toEqual([one.baseUrl, two.baseUrl]);
  });
});

describe('a time limit', () => {
  it('stands still while it is paused, however many have paused it', async () => {
    let now = 0;
    const timers = new Set<{ at: number; run: () => void }>();
    const clock = {
      now: () => now,
      after(ms: number, run: () => void) {
        const timer = { at: now + ms, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
      sleep: () => Promise.resolve(),
    };
    const pass = (to: number): void => {
      now = to;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.run();
      }
    };
    let up = 0;
    const limit = new TimeLimit(clock, 100, () => (up += 1));
    pass(60);
    const [first, second] = [limit.pause(), limit.pause()];
    pass(1000);
    first();
    first();
    pass(2000);
    expect(limit.endsAt).toBe(2040);
    second();
    pass(2039);
    expect(up).toBe(0);
    pass(2040);
    expect(up).toBe(1);
    limit.stop();
    await Promise.resolve();
  });
});
