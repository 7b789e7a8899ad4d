import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/transport/index.js';
import { testCall } from '../../support/call.js';
import type { Provider, ProviderOptions } from '../../support/provider/provider.mjs';
import { startProvider } from '../../support/provider/provider.mjs';
import { chatWire, failureOf, testTransport } from '../helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function provider(options: ProviderOptions): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

function transport(options: Parameters<typeof testTransport>[0] = {}): ReturnType<typeof testTransport> {
  const made = testTransport({ adaptive: true, maxConcurrent: 100, clock: systemClock, ...options });
  open.push(made);
  return made;
}

describe('adaptive concurrency over real sockets', () => {
  it('settles near what the provider takes, with all answered and the reasons in the log', async () => {
    const upstream = await provider({
      latency: { min: 5, max: 15 },
      limits: { concurrent: 8, waitForm: 'none' },
    });
    const made = transport({ random: Math.random });
    let before = { requests: 0, ok: 0 };
    let answered = 0;
    const ask = async (i: number): Promise<string> => {
      const { value } = await made.exchange(chatWire(upstream.baseUrl, `[answer: ${i}]`), testCall());
      // The way up ends with refusals; what is promised is what follows.
      answered += 1;
      if (answered === 700) before = upstream.counts();
      return value;
    };
    const asked = Array.from({ length: 1_200 }, (_, i) => i);
    expect(await Promise.all(asked.map(ask))).toEqual(asked.map(String));
    expect(made.limiter.limit).toBeLessThanOrEqual(12);
    const { requests, ok } = upstream.counts();
    const refused = requests - ok - (before.requests - before.ok);
    expect(refused / (requests - before.requests)).toBeLessThan(0.1);
    expect(made.changes().some(({ reason }) => reason.includes('refused'))).toBe(true);
  });

  it('one told wait holds back every request to that endpoint', async () => {
    const upstream = await provider({
      script: [{ kind: 'status', status: 429, wait: { form: 'retry-after-ms', ms: 2_000 } }],
    });
    const made = transport();
    const first = made.exchange(chatWire(upstream.baseUrl, 'first'), testCall());
    while (made.limiter.inFlight > 0 || upstream.counts().requests === 0) await new Promise(setImmediate);
    const call = testCall();
    await Promise.all([first, made.exchange(chatWire(upstream.baseUrl, 'second'), call)]);
    const [refused, ...others] = upstream.requests.map(({ at }) => at);
    expect(others).toHaveLength(2);
    for (const at of others) expect(at - refused!).toBeGreaterThan(1_900);
    expect(call.phases[0]).toBe('queued');
  });

  it('an endpoint that is closed for longer than allowed is not waited for', async () => {
    const upstream = await provider({
      script: [{ kind: 'status', status: 429, wait: { form: 'retry-after', ms: 60_000 } }],
    });
    const made = transport({ retry: { maxToldWaitMs: 1_000, maxClosedMs: 1_000 } });
    for (const prompt of ['told', 'not even asked']) {
      const failure = await failureOf(made.exchange(chatWire(upstream.baseUrl, prompt), testCall()));
      expect(failure.kind).toBe('rate_limited');
    }
    expect(upstream.requests).toHaveLength(1);
  });

  it('a call that is cancelled while it waits leaves the queue', async () => {
    const upstream = await provider({ latency: 60_000 });
    const made = transport({ maxConcurrent: 1 });
    const [busy, waiting] = [testCall(), testCall()];
    const results = [busy, waiting].map((call) => made.exchange(chatWire(upstream.baseUrl), call));
    expect(made.limiter.waiting).toBe(1);
    waiting.abort(new Error('gone'));
    await expect(results[1]).rejects.toThrow('gone');
    expect(made.limiter.waiting).toBe(0);
    busy.abort(new Error('gone too'));
    await expect(results[0]).rejects.toThrow('gone too');
    expect(made.limiter.inFlight).toBe(0);
  });
});
