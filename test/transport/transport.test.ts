import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '../../src/transport/index.js';
import { createRedactor, createRetryBudget } from '../../src/transport/index.js';
import { testCall } from '../support/call.js';
import type { FaultLike, Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { chatWire, failureOf, skippingClock, testTransport } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function provider(options: ProviderOptions = {}): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

function transport(...args: Parameters<typeof testTransport>): Transport {
  const made = testTransport(...args);
  open.push(made);
  return made;
}

describe('a healthy exchange', () => {
  it('sends the body and reads the reply', async () => {
    const upstream = await provider();
    const call = testCall();
    const reply = await transport().exchange(chatWire(upstream.baseUrl, '[answer: forty two]'), call);
    expect(reply.value).toBe('forty two');
    expect(reply.status).toBe(200);
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/chat/completions', model: 'stub' });
    expect(upstream.requests[0]!.headers).toMatchObject({
      authorization: 'Bearer sk-test',
      'content-type': 'application/json',
    });
  });

  it('logs the attempt and tells its phases', async () => {
    const upstream = await provider();
    const call = testCall();
    await transport().exchange(chatWire(upstream.baseUrl), call);
    expect(call.phases).toEqual(['connecting', 'awaiting_first_byte', 'receiving']);
    expect(call.attempts).toMatchObject([
      { model: 'policy_model', url: `${upstream.baseUrl}/chat/completions`, result: 'ok', status: 200 },
    ]);
  });

  it('keeps connections and uses them again', async () => {
    const upstream = createHttpServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"choices":[{"message":{"content":"hi"}}]}');
    });
    let connections = 0;
    upstream.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    const made = transport();
    try {
      for (let i = 0; i < 5; i++) await made.exchange(chatWire(`http://127.0.0.1:${port}/v1`), testCall());
      // One that has just answered may not be free yet when the next request comes.
      expect(connections).toBeLessThanOrEqual(2);
    } finally {
      await made.close();
      upstream.close();
    }
  });

  it.each(['half_chunks', 'slow_drip'])('puts a reply together from pieces (%s)', async (name) => {
    const upstream = await provider({ script: [{ kind: name as 'half_chunks', size: 7, ms: 1 }] });
    const text = 'naïve – 質問';
    const reply = await transport().exchange(chatWire(upstream.baseUrl, `[answer: ${text}]`), testCall());
    expect(reply.value).toBe(text);
  });

  it('reads JSON whose strings hold raw control characters', async () => {
    const body = '{"choices":[{"message":{"content":"line one\nline\ttwo"}}]}';
    const upstream = await provider({ script: [{ kind: 'status', status: 200, body }] });
    const reply = await transport().exchange(chatWire(upstream.baseUrl), testCall());
    expect(reply.value).toBe('line one\nline\ttwo');
  });
});

describe('faults and what they are called', () => {
  const cases: [string, FaultLike, string, object][] = [
    ['reset before headers', 'reset', 'connection_reset', {}],
    ['reset after headers', 'reset_after_headers', 'connection_reset', { status: 200 }],
    ['reset in the body', 'reset_mid_body', 'connection_reset', { status: 200 }],
    ['end of the connection in the body', 'close_mid_body', 'connection_reset', { status: 200 }],
    ['silence before headers', 'stall_before_headers', 'timeout_first_byte', {}],
    ['silence after headers', 'stall_after_headers', 'timeout_idle', { status: 200 }],
    ['silence in the body', 'stall_mid_body', 'timeout_idle', { status: 200 }],
    ['HTML with 200', 'garbage', 'garbage_reply', { status: 200 }],
    ['half a JSON text', 'invalid_json', 'garbage_reply', { status: 200 }],
    ['nothing', 'empty', 'garbage_reply', { status: 200 }],
    ['an error inside 200', 'in_band_error', 'server_error', { status: 200 }],
    ['400', 'status_400', 'bad_request', { status: 400, retryable: false }],
    ['401', 'status_401', 'auth', { status: 401 }],
    ['403', 'status_403', 'permission', { status: 403 }],
    ['404', 'status_404', 'not_found', { status: 404 }],
    ['429', 'status_429', 'rate_limited', { status: 429, retryable: true }],
    ['429 of a spent quota', 'quota', 'quota_exhausted', { status: 429 }],
    ['500', 'status_500', 'server_error', { status: 500, retryable: true }],
    ['503', 'status_503', 'overloaded', { status: 503, retryable: true }],
    [
      'a redirect',
      { kind: 'status', status: 308, headers: { location: 'https://x.example/v1' } },
      'bad_request',
      {},
    ],
    [
      'too long a prompt',
      { kind: 'status', status: 400, code: 'context_length_exceeded' },
      'context_overflow',
      { retryable: false },
    ],
    [
      'a refused prompt',
      { kind: 'status', status: 400, code: 'content_policy_violation' },
      'content_policy',
      { retryable: false },
    ],
  ];

  it.each(cases)('%s', async (_name, fault, kind, details) => {
    const upstream = await provider({ script: Array<FaultLike>(8).fill(fault) });
    const { exchange } = transport({ timeouts: { firstByteMs: 150, idleMs: 150 } });
    const call = testCall();
    const failure = await failureOf(exchange(chatWire(upstream.baseUrl), call));
    expect(failure.kind).toBe(kind);
    expect(failure.details).toMatchObject(details);
    expect(failure.message).toContain(upstream.url);
    expect(call.attempts.at(-1)).toMatchObject({ result: kind });
    expect(call.attempts).toHaveLength(upstream.requests.length);
  });

  it('a port where nothing listens', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const failure = await failureOf(
      transport().exchange(chatWire(`http://127.0.0.1:${port}/v1`), testCall()),
    );
    expect(failure.kind).toBe('connect_refused');
    expect(failure.message).toContain(`127.0.0.1:${port}`);
    expect(failure.message).toContain('base_url');
  });

  it('a host name that does not exist', async () => {
    const failure = await failureOf(
      transport().exchange(chatWire('http://no-such-host.invalid/v1'), testCall()),
    );
    expect(failure.kind).toBe('dns');
  });

  it('https to a plain http port', async () => {
    const upstream = await provider();
    const url = upstream.baseUrl.replace('http:', 'https:');
    const failure = await failureOf(transport().exchange(chatWire(url), testCall()));
    expect(failure.kind).toBe('tls');
  });

  it('a server that does not speak HTTP', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.write('+OK Dovecot ready.\r\n'));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const failure = await failureOf(
      transport().exchange(chatWire(`http://127.0.0.1:${port}/v1`), testCall()),
    );
    expect(failure.kind).toBe('garbage_reply');
    await new Promise((resolve) => server.close(resolve));
  });

  it('a reply that is too large is cut off, announced or not', async () => {
    const upstream = await provider({ script: [{ kind: 'oversized', bytes: 50_000 }, 'slow_drip'] });
    const { exchange } = transport({ maxReplyBytes: 100 });
    for (const prompt of ['a', 'b']) {
      const failure = await failureOf(exchange(chatWire(upstream.baseUrl, prompt), testCall()));
      expect(failure.kind).toBe('oversized_reply');
    }
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('retries', () => {
  it('asks again after what may pass, and stops at the limit', async () => {
    const upstream = await provider({ rates: { status_503: 1 } });
    const call = testCall();
    const failure = await failureOf(
      transport({ retry: { maxAttempts: 4 } }).exchange(chatWire(upstream.baseUrl), call),
    );
    expect(failure.kind).toBe('overloaded');
    expect(upstream.requests).toHaveLength(4);
    expect(call.attempts.map(({ result }) => result)).toEqual(Array(4).fill('overloaded'));
    expect(call.attempts.map(({ wait_ms }) => typeof wait_ms)).toEqual([
      'number',
      'number',
      'number',
      'undefined',
    ]);
  });

  it.each([
    'reset',
    'reset_mid_body',
    'status_500',
    'status_503',
    'garbage',
    'in_band_error',
    'rate_limited',
  ])('rescues a call from one %s', async (fault) => {
    const upstream = await provider({ script: [fault] });
    const call = testCall();
    const reply = await transport().exchange(chatWire(upstream.baseUrl, '[answer: fine]'), call);
    expect(reply.value).toBe('fine');
    expect(upstream.requests).toHaveLength(2);
    expect(call.attempts[1]!.result).toBe('ok');
  });

  it.each(['status_400', 'status_401', 'status_403', 'status_404', 'quota'])(
    'asks once only when told %s',
    async (fault) => {
      const upstream = await provider({ rates: { [fault]: 1 } });
      const failure = await failureOf(transport().exchange(chatWire(upstream.baseUrl), testCall()));
      expect(upstream.requests).toHaveLength(1);
      expect(failure.details.providerMessage).not.toBe('');
    },
  );

  const forms = [
    'retry-after',
    'retry-after-ms',
    'x-ms-retry-after-ms',
    'x-ratelimit-reset',
    'retryDelay',
    'retry_after',
    'message',
    'try-again',
  ] as const;
  it.each(forms)('waits as long as told by %s', async (form) => {
    const upstream = await provider({ script: [{ kind: 'status', status: 429, wait: { form, ms: 7000 } }] });
    const clock = skippingClock();
    await transport({ clock }).exchange(chatWire(upstream.baseUrl), testCall());
    expect(clock.waits).toHaveLength(1);
    expect(clock.waits[0]).toBeGreaterThanOrEqual(7000);
    expect(clock.waits[0]).toBeLessThan(8000);
  });

  it('does not wait longer than is sensible, and says what the provider asked', async () => {
    const script = [{ kind: 'status', status: 429, wait: { form: 'retry-after', ms: 3_600_000 } } as const];
    const upstream = await provider({ script });
    const failure = await failureOf(transport().exchange(chatWire(upstream.baseUrl), testCall()));
    expect(failure.kind).toBe('rate_limited');
    expect(failure.message).toContain('3600 s');
    expect(upstream.requests).toHaveLength(1);
  });

  it('does not begin a wait that the deadline would cut', async () => {
    const upstream = await provider({
      script: [{ kind: 'status', status: 429, wait: { form: 'retry-after', ms: 60_000 } }],
    });
    const call = testCall({ deadline: Date.now() + 5_000 });
    const failure = await failureOf(transport().exchange(chatWire(upstream.baseUrl), call));
    expect(failure.kind).toBe('rate_limited');
    expect(upstream.requests).toHaveLength(1);
  });

  it('without a told wait, windows grow and no draw makes a burst', async () => {
    const upstream = await provider({ rates: { status_429: 1 } });
    for (const [random, factor] of [
      [0, 0.25],
      [1, 1],
    ] as const) {
      const clock = skippingClock();
      await failureOf(
        transport({ clock, random: () => random }).exchange(chatWire(upstream.baseUrl), testCall()),
      );
      expect(clock.waits).toEqual([2000, 4000, 8000, 16_000].map((window) => window * factor));
    }
  });

  it('never repeats what may have been carried out, unless it is safe', async () => {
    const upstream = await provider({ script: ['reset'] });
    const failure = await failureOf(
      transport().exchange(chatWire(upstream.baseUrl, 'x', { replaySafe: false }), testCall()),
    );
    expect(failure.kind).toBe('ambiguous_delivery');
    expect(upstream.requests).toHaveLength(1);
  });

  it('stops when the run-wide allowance is spent', async () => {
    const upstream = await provider({ rates: { status_503: 1 } });
    const budget = { earn: () => undefined, take: () => false, giveBack: () => undefined };
    const failure = await failureOf(
      transport({ newRetryBudget: () => budget }).exchange(chatWire(upstream.baseUrl), testCall()),
    );
    expect(failure.kind).toBe('retry_budget_spent');
    expect(failure.message).toContain('503');
    expect(upstream.requests).toHaveLength(1);
  });

  it('allows a floor and a share of all requests as second attempts', () => {
    const budget = createRetryBudget({ share: 0.1, floor: 2 });
    const taken = Array.from({ length: 100 }, () => {
      budget.earn();
      return budget.take();
    }).filter(Boolean);
    expect(taken).toHaveLength(12);
  });

  it('tells of the first failure of each kind, once', async () => {
    const upstream = await provider({ script: ['status_503', 'status_503', 'status_500'] });
    const notices: string[] = [];
    await transport({ notify: ({ message }) => notices.push(message) }).exchange(
      chatWire(upstream.baseUrl),
      testCall(),
    );
    expect(notices).toHaveLength(2);
    expect(notices[0]).toContain('503');
    expect(notices[1]).toContain('500');
  });
});

describe('ends', () => {
  it('a cancelled call ends at once with its reason and leaves no listener', async () => {
    const upstream = await provider({ latency: 60_000 });
    const call = testCall();
    const reason = new Error('the user said stop');
    const pending = transport().exchange(chatWire(upstream.baseUrl), call);
    while (upstream.counts().open === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    call.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  it('a call that takes too long in all fails as timeout_call', async () => {
    const upstream = await provider({ latency: 60_000 });
    const failure = await failureOf(
      transport({ timeouts: { callMs: 100 } }).exchange(chatWire(upstream.baseUrl), testCall()),
    );
    expect(failure.kind).toBe('timeout_call');
    expect(upstream.requests).toHaveLength(1);
  });

  it("the episode's deadline fails it as episode_timeout", async () => {
    const upstream = await provider({ latency: 60_000 });
    const call = testCall({ deadline: Date.now() + 100 });
    const failure = await failureOf(transport().exchange(chatWire(upstream.baseUrl), call));
    expect(failure.kind).toBe('episode_timeout');
  });

  it('closing ends what hangs', async () => {
    const upstream = await provider({ rates: { stall_before_headers: 1 } });
    const made = testTransport({ retry: { maxAttempts: 1 } });
    const pending = failureOf(made.exchange(chatWire(upstream.baseUrl), testCall()));
    while (upstream.counts().open === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await made.close();
    expect((await pending).kind).toBe('connection_reset');
  });
});

describe('limits', () => {
  it('never has more requests out than allowed, and serves the rest in turn', async () => {
    const upstream = await provider({ latency: 10 });
    const { exchange } = transport({ maxConcurrent: 3 });
    const calls = Array.from({ length: 20 }, () => testCall());
    await Promise.all(calls.map((call, i) => exchange(chatWire(upstream.baseUrl, `p${i}`), call)));
    expect(upstream.counts().maxOpen).toBe(3);
    expect(calls.filter(({ phases }) => phases[0] === 'queued')).toHaveLength(17);
  });

  it('a waiting call can be cancelled, and its place goes to the next', async () => {
    const upstream = await provider({ latency: 50 });
    const { exchange, limiter } = transport({ maxConcurrent: 1 });
    const [first, second, third] = [testCall(), testCall(), testCall()];
    const results = [first, second, third].map((call, i) =>
      exchange(chatWire(upstream.baseUrl, `p${i}`), call),
    );
    expect(limiter.waiting).toBe(2);
    second.abort(new Error('gone'));
    await expect(results[1]).rejects.toThrow('gone');
    await Promise.all([results[0], results[2]]);
    expect(upstream.requests).toHaveLength(2);
    expect(limiter.inFlight).toBe(0);
  });

  it('holds no place while it waits to ask again', async () => {
    const upstream = await provider({ script: ['status_503'] });
    let during = -1;
    const clock = skippingClock();
    const made = transport({
      maxConcurrent: 1,
      clock: {
        ...clock,
        sleep: (ms, signal) => {
          during = made.limiter.inFlight;
          return clock.sleep(ms, signal);
        },
      },
    });
    await made.exchange(chatWire(upstream.baseUrl), testCall());
    expect(during).toBe(0);
  });
});

describe('secrets', () => {
  it('are not in messages, even when the provider echoes them', async () => {
    const upstream = await provider({ apiKey: 'another-key' });
    const secret = 'sk-live-0123456789abcdef';
    const call = testCall();
    const failure = await failureOf(
      transport({ redactor: createRedactor([secret]) }).exchange(
        chatWire(upstream.baseUrl, 'x', { headers: { authorization: `Bearer ${secret}` } }),
        call,
      ),
    );
    expect(failure.kind).toBe('auth');
    expect(JSON.stringify([failure.message, failure.details, call.attempts])).not.toContain(
      '0123456789abcdef',
    );
  });
});
