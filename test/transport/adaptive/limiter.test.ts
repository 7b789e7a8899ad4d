import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/transport/index.js';
import { testCall } from '../../support/call.js';
import type { CallFailure } from '../../../src/protocol/index.js';
import type { FaultLike, Provider, ProviderOptions } from '../../support/provider/provider.mjs';
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

  it.each(['301', '999999999999'])(
    'one refusal that tells a wait of %s s fails that request, and holds up no other',
    async (seconds) => {
      const time = async (script: FaultLike[]): Promise<{ ms: number; kinds: string[] }> => {
        const upstream = await provider({ script, latency: 20 });
        const made = transport({ maxConcurrent: 4 });
        const start = performance.now();
        const kinds = await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            made.exchange(chatWire(upstream.baseUrl, `p${i}`), testCall()).then(
              () => 'ok',
              (error: unknown) => (error as CallFailure).kind,
            ),
          ),
        );
        return { ms: performance.now() - start, kinds };
      };
      const refusal = { kind: 'status', status: 429, headers: { 'retry-after': seconds } } as const;
      const floor = await time([]);
      const refused = await time(['ok', 'ok', 'ok', refusal]);
      expect(refused.kinds.filter((kind) => kind === 'ok')).toHaveLength(39);
      expect(refused.kinds.filter((kind) => kind === 'rate_limited')).toHaveLength(1);
      // One probe, and those that make it sure: some round trips more.
      expect(refused.ms).toBeLessThan(20 * floor.ms);
    },
  );

  it('a request whose time is up in the queue says so, and lists no attempt', async () => {
    const upstream = await provider({ latency: 60_000 });
    const made = transport({ maxConcurrent: 1 });
    const now = Date.now();
    const calls = [testCall({ deadline: now + 600 }), testCall({ deadline: now + 200 })];
    const [sent, queued] = await Promise.all(
      calls.map((call) => failureOf(made.exchange(chatWire(upstream.baseUrl), call))),
    );
    expect([sent!.kind, queued!.kind]).toEqual(['episode_timeout', 'episode_timeout']);
    expect(sent!.message).not.toContain('queued');
    expect(queued!.message).toMatch(
      /queued for 0\.\d s and never sent \(1 out, 0 more queued, at most 1 at a time\)/,
    );
    expect(calls.map(({ attempts }) => attempts.length)).toEqual([1, 0]);
    expect(upstream.requests).toHaveLength(1);
  });

  it('what was queued and never sent may be asked again, also where asking twice does harm', async () => {
    const upstream = await provider({
      script: [{ kind: 'status', status: 429, wait: { form: 'retry-after', ms: 60_000 } }],
    });
    const made = transport({ retry: { maxToldWaitMs: 1_000, maxClosedMs: 1_000 } });
    await failureOf(made.exchange(chatWire(upstream.baseUrl), testCall()));
    const once = chatWire(upstream.baseUrl, 'once', { replaySafe: false });
    const failure = await failureOf(made.exchange(once, testCall()));
    expect(failure.kind).toBe('rate_limited');
    expect(failure.message).not.toContain('may have been carried out');
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
