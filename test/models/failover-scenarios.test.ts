import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject, Model, ResponsesReply } from '../../src/protocol/index.js';
import { CallFailure, outputText } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import type { TestCall } from '../support/call.js';
import { testCall } from '../support/call.js';
import { FULL } from '../support/full.js';
import type { FaultLike, Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { createModel } from './helpers.js';

/**
 * The sixteen faults of the public Failover Bench against one primary and one fallback. By default every time is a
 * tenth of the bench's; in full they are its own.
 */
const SCALE = FULL ? 1 : 0.1;
const seconds = (bench: number): number => bench * 1000 * SCALE;

const ANSWER = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

interface Scene {
  primary: Provider;
  fallback: Provider;
  model: Model;
  /** The primary works from now on. */
  heal: () => void;
}

async function provider(options: ProviderOptions): Promise<Provider> {
  const started = await startProvider({
    answer: () => ({ text: ANSWER }),
    tokenDelayMs: 15 * SCALE,
    ...options,
  });
  open.push(started);
  return started;
}

interface SceneOptions {
  primary: ProviderOptions;
  fallback?: ProviderOptions;
  fallbacks?: boolean;
}

async function scene({ primary, fallback = {}, fallbacks = true }: SceneOptions): Promise<Scene> {
  let healed = false;
  const { faultFor, ...rest } = primary;
  const first = await provider({
    ...rest,
    faultFor: (...args) => (healed ? undefined : faultFor?.(...args)),
  });
  const second = await provider(fallback);
  const config: JsonObject = {
    base_url: first.baseUrl,
    api_key: 'k',
    model: 'primary-model',
    stream_upstream: true,
    first_token_timeout_seconds: 8 * SCALE,
    first_byte_timeout_seconds: 30 * SCALE,
    idle_timeout_seconds: 10 * SCALE,
    request_timeout_seconds: 60,
    ...(fallbacks && { fallbacks: [{ base_url: second.baseUrl, model: 'fallback-model' }] }),
  };
  // Time runs faster for whoever waits by the clock: back-off, told waits, circuit.
  const clock = {
    now: () => systemClock.now() / SCALE,
    after: (ms: number, callback: () => void) => systemClock.after(ms * SCALE, callback),
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms * SCALE, signal),
  };
  const made = await createModel('inference_provider', config, { clock, random: Math.random });
  open.push(made);
  const heal = (): void => {
    healed = true;
    first.setScript([]);
  };
  return { primary: first, fallback: second, model: made, heal };
}

interface Got {
  reply?: ResponsesReply;
  failure?: CallFailure;
  ms: number;
  call: TestCall;
}

async function ask(model: Model, prompt = 'tell me sixty words'): Promise<Got> {
  const call = testCall();
  const started = performance.now();
  try {
    const reply = await model.respond({ input: [{ role: 'user', content: prompt }] }, call);
    return { reply, ms: performance.now() - started, call };
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    return { failure: error, ms: performance.now() - started, call };
  }
}

const always = (fault: FaultLike): ProviderOptions => ({ faultFor: () => fault });
const once = (fault: FaultLike): ProviderOptions => ({ script: [fault] });
const starts = ({ requests }: Provider): number[] => requests.map(({ at }) => at);
const within = (provider_: Provider, bench: number): number => {
  const [first = 0] = starts(provider_);
  return starts(provider_).filter((at) => at - first <= seconds(bench)).length;
};

/** The whole answer, its usage and the model that gave it. */
function expectWhole(got: Got, from: 'primary-model' | 'fallback-model'): void {
  expect(got.failure).toBeUndefined();
  expect(outputText(got.reply!)).toBe(ANSWER);
  expect(got.reply!.model).toBe(from);
  expect(got.reply!.usage?.output_tokens).toBe(60);
}

/** After each scenario one healthy call must work. */
async function expectHealthy({ heal, model }: Scene): Promise<void> {
  heal();
  const got = await ask(model, 'and again');
  expect(outputText(got.reply!)).toBe(ANSWER);
  expect(got.ms).toBeLessThan(10_000);
}

describe('failover scenarios', { timeout: 200_000 }, () => {
  it('S01: 429 with Retry-After, then healthy', async () => {
    const wait = { form: 'retry-after', ms: 2_000 } as const;
    const all = await scene({ primary: once({ kind: 'status', status: 429, wait }) });
    const got = await ask(all.model);
    expectWhole(got, 'primary-model');
    const [first, second] = starts(all.primary);
    expect(second! - first!).toBeGreaterThanOrEqual(seconds(1.8));
    expect(within(all.primary, 1.5)).toBeLessThanOrEqual(2);
    expect(got.ms).toBeLessThan(seconds(20));
    await expectHealthy(all);
  });

  it('S02: always 429 without a wait', async () => {
    const all = await scene({ primary: always('status_429') });
    const got = await ask(all.model);
    expectWhole(got, 'fallback-model');
    expect(within(all.primary, 3)).toBeLessThanOrEqual(4);
    expect(all.primary.requests.length).toBeLessThanOrEqual(6);
    expect(got.ms).toBeLessThan(seconds(40));
    await expectHealthy(all);
  });

  it('S03: 500 once, then healthy', async () => {
    const all = await scene({ primary: once('status_500') });
    const got = await ask(all.model);
    expectWhole(got, 'primary-model');
    expect(all.primary.requests).toHaveLength(2);
    expect(got.ms).toBeLessThan(seconds(20));
    await expectHealthy(all);
  });

  it('S04: always 503; without a fallback the original error', async () => {
    const all = await scene({ primary: always('status_503') });
    expectWhole(await ask(all.model), 'fallback-model');
    expect(all.primary.requests.length).toBeLessThanOrEqual(6);
    await expectHealthy(all);
    const alone = await scene({ primary: always('status_503'), fallbacks: false });
    const got = await ask(alone.model);
    expect(got.failure).toMatchObject({ kind: 'overloaded', details: { status: 503 } });
    expect(alone.primary.requests.length).toBeLessThanOrEqual(6);
    expect(got.ms).toBeLessThan(seconds(40));
  });

  it('S05: reset before any byte, once', async () => {
    const all = await scene({ primary: once('reset') });
    const got = await ask(all.model);
    expectWhole(got, 'primary-model');
    expect(got.ms).toBeLessThan(seconds(20));
    await expectHealthy(all);
  });

  it('S06: accepts and stays silent', async () => {
    const all = await scene({ primary: once({ kind: 'stall_before_headers', ms: seconds(120) }) });
    const got = await ask(all.model);
    expectWhole(got, 'fallback-model');
    expect(all.primary.requests).toHaveLength(1);
    expect(got.ms).toBeLessThan(seconds(100));
    await expectHealthy(all);
  });

  it('S07: headers at once, first token late', async () => {
    const all = await scene({ primary: once({ kind: 'stall_after_headers', ms: seconds(20) }) });
    const got = await ask(all.model);
    expectWhole(got, 'fallback-model');
    expect(got.ms).toBeLessThan(seconds(15));
    await expectHealthy(all);
  });

  it.each(['close_mid_body', 'reset_mid_body', 'truncate'] as const)(
    'S08: the stream dies after 40 tokens (%s)',
    async (kind) => {
      const all = await scene({ primary: always({ kind, after: 40 }) });
      const got = await ask(all.model);
      expectWhole(got, 'fallback-model');
      expect(got.ms).toBeLessThan(seconds(40));
      const alone = await scene({ primary: always({ kind, after: 40 }), fallbacks: false });
      expect((await ask(alone.model)).failure?.kind).toBe('connection_reset');
      await expectHealthy(all);
    },
  );

  it('S09: silent after 20 tokens, then closes', async () => {
    const all = await scene({
      primary: once({ kind: 'stall_mid_body', after: 20, ms: seconds(30), then: 'close' }),
    });
    const got = await ask(all.model);
    expectWhole(got, 'fallback-model');
    expect(got.ms).toBeLessThan(seconds(45));
    await expectHealthy(all);
  });

  it('S10: the tenth event is not JSON', async () => {
    const all = await scene({ primary: always({ kind: 'invalid_event', at: 10 }) });
    const got = await ask(all.model);
    expectWhole(got, 'primary-model');
    expect(got.ms).toBeLessThan(seconds(30));
    await expectHealthy(all);
  });

  it('S11: no end mark', async () => {
    const all = await scene({ primary: always('no_done') });
    const got = await ask(all.model);
    expectWhole(got, 'primary-model');
    expect(all.primary.requests).toHaveLength(1);
    expect(got.ms).toBeLessThan(seconds(8));
    await expectHealthy(all);
  });

  it('S12: the context is too long', async () => {
    const fault = { kind: 'status', status: 400, code: 'context_length_exceeded' } as const;
    const all = await scene({ primary: always(fault) });
    expectWhole(await ask(all.model), 'fallback-model');
    expect(all.primary.requests).toHaveLength(1);
    const alone = await scene({ primary: always(fault), fallbacks: false });
    expect((await ask(alone.model)).failure?.kind).toBe('context_overflow');
    expect(alone.primary.requests).toHaveLength(1);
  });

  it('S13: the prompt is refused', async () => {
    const fault = {
      kind: 'status',
      status: 400,
      code: 'content_policy_violation',
      message: 'Your request was rejected by our safety system.',
    } as const;
    const all = await scene({
      primary: { faultFor: ({ prompt }) => (prompt.startsWith('tell') ? fault : undefined) },
    });
    const got = await ask(all.model);
    expect(got.failure?.kind).toBe('content_policy');
    expect(got.failure?.message).toContain('rejected by our safety system');
    expect(all.primary.requests).toHaveLength(1);
    expect(all.fallback.requests).toHaveLength(0);
    await expectHealthy(all);
  });

  it('S14: the stream dies and the fallback takes no prefill', async () => {
    const all = await scene({
      primary: always({ kind: 'truncate', after: 40 }),
      fallback: always({ kind: 'refuse_prefill' }),
    });
    expectWhole(await ask(all.model), 'fallback-model');
    await expectHealthy(all);
  });

  it('S15: an outage of a minute, twenty requests through it', async () => {
    const outageMs = seconds(60);
    const all = await scene({
      primary: { faultFor: (_request, { atMs }) => (atMs < outageMs ? 'status_503' : undefined) },
    });
    const began = performance.now();
    const models: (string | undefined)[] = [];
    for (let i = 0; i < 20; i++) {
      const got = await ask(all.model, `request ${i}`);
      expect(outputText(got.reply!)).toBe(ANSWER);
      models.push(got.reply?.model);
      const next = began + (i + 1) * seconds(4);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    }
    // Three requests with three attempts each open the circuit; afterwards one probe per cool-down.
    const during = starts(all.primary).filter((at) => at < outageMs);
    expect(during.length).toBeLessThanOrEqual(9 + Math.ceil(outageMs / seconds(10)) * 3);
    expect(models.slice(0, 3)).toEqual(Array(3).fill('fallback-model'));
    expect(models.at(-1)).toBe('primary-model');
    const back = models.indexOf('primary-model');
    expect(back * 4).toBeLessThanOrEqual(60 + 30);
  });

  it('S16: the reply names the model that gave it', async () => {
    const all = await scene({ primary: always('status_503') });
    const got = await ask(all.model);
    expectWhole(got, 'fallback-model');
    expect(all.primary.requests.length).toBeLessThanOrEqual(6);
    expect(got.call.attempts.map(({ model, result }) => `${model} ${result}`)).toEqual([
      ...Array.from({ length: 3 }, () => 'policy_model overloaded'),
      'policy_model.fallbacks[0] ok',
    ]);
  });
});
