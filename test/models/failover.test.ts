import { afterEach, describe, expect, it } from 'vitest';
import { createBreaker } from '../../src/models/failover/breaker.js';
import { NgError } from '../../src/errors/index.js';
import type { JsonObject, Model } from '../../src/protocol/index.js';
import { outputText } from '../../src/protocol/index.js';
import { testCall } from '../support/call.js';
import type { Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { failureOf } from '../transport/helpers.js';
import { createModel } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function provider(options: ProviderOptions = {}): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

async function model(config: JsonObject, notices: string[] = []): Promise<Model> {
  const made = await createModel('inference_provider', config, {
    notify: ({ message }) => notices.push(message),
  });
  open.push(made);
  return made;
}

const ask = (content: string): { input: { role: string; content: string }[] } => ({
  input: [{ role: 'user', content }],
});

describe('the circuit breaker', () => {
  it('opens after three failures in a row, probes once per cool-down, and closes on success', () => {
    const breaker = createBreaker(10_000);
    for (const at of [0, 1, 2]) {
      expect(breaker.admits(at)).toBe(true);
      breaker.failed('overloaded', at);
    }
    expect(breaker.open).toBe(true);
    expect(breaker.admits(10_001)).toBe(false);
    expect(breaker.admits(10_002)).toBe(true);
    expect(breaker.admits(10_002)).toBe(false);
    breaker.failed('overloaded', 10_500);
    expect(breaker.admits(20_499)).toBe(false);
    expect(breaker.admits(20_500)).toBe(true);
    breaker.succeeded();
    expect(breaker.open).toBe(false);
    expect(breaker.admits(20_501)).toBe(true);
  });

  it('is not opened by failures that are not in a row', () => {
    const breaker = createBreaker();
    for (let i = 0; i < 10; i++) {
      breaker.failed('server_error', i);
      breaker.failed('server_error', i);
      breaker.succeeded();
    }
    expect(breaker.open).toBe(false);
  });

  it('opens at once, and for long, when the key or the quota is at fault', () => {
    const breaker = createBreaker();
    breaker.failed('auth', 0);
    expect(breaker.admits(60_000)).toBe(false);
    expect(breaker.admits(300_000)).toBe(true);
  });

  it('lets the next probe through when one was cancelled', () => {
    const breaker = createBreaker(10);
    breaker.failed('quota_exhausted', 0);
    expect(breaker.admits(300_000)).toBe(true);
    breaker.released();
    expect(breaker.admits(300_001)).toBe(true);
  });
});

describe('fallbacks', () => {
  it('may be of another type, with another key and dialect, asked anew from the same request', async () => {
    const dead = await provider({ apiKey: 'another' });
    const other = await provider({ apiKey: 'second-key-123' });
    const notices: string[] = [];
    const policy = await model(
      {
        base_url: dead.baseUrl,
        api_key: 'first-key-1234',
        model: 'm-1',
        fallbacks: [
          {
            openai_model: {
              openai_base_url: other.baseUrl,
              openai_api_key: 'second-key-123',
              openai_model: 'm-2',
            },
          },
        ],
      },
      notices,
    );
    const reply = await policy.respond({ ...ask('[answer: saved]'), model: 'asked' }, testCall());
    expect(outputText(reply)).toBe('saved');
    expect(other.requests[0]).toMatchObject({ path: '/v1/responses', model: 'm-2' });
    expect(other.requests[0]!.headers.authorization).toBe('Bearer second-key-123');
    expect(
      notices.some((text) => text.includes('answers now come from policy_model.fallbacks[0], m-2')),
    ).toBe(true);
    // The wrong key is not tried again.
    await policy.respond(ask('again'), testCall());
    expect(dead.counts().requests).toBe(0);
    expect(other.requests).toHaveLength(2);
  });

  it('may be another endpoint of the same type, which inherits the rest', async () => {
    const first = await provider({ rates: { reset: 1 } });
    const second = await provider();
    const policy = await model({
      base_url: first.baseUrl,
      api_key: 'k',
      model: 'm',
      extra_body: { top_k: 7 },
      fallbacks: [{ base_url: second.baseUrl }],
    });
    await policy.respond(ask('x'), testCall());
    expect(second.requests[0]!.body).toMatchObject({ model: 'm', top_k: 7 });
  });

  it('when all fail, the first failure is told', async () => {
    const [first, second] = [
      await provider({ rates: { status_503: 1 } }),
      await provider({ rates: { status_500: 1 } }),
    ];
    const policy = await model({
      base_url: first.baseUrl,
      api_key: 'k',
      model: 'm',
      fallbacks: [{ base_url: second.baseUrl }],
    });
    const failure = await failureOf(policy.respond(ask('x'), testCall()));
    expect(failure).toMatchObject({ kind: 'overloaded', details: { status: 503 } });
    expect(second.requests.length).toBeGreaterThan(1);
  });

  it.each([
    [{}, 'must be a list'],
    [['https://x'], 'must be a block'],
    [[{ openai_model: {}, inference_provider: {} }], 'nothing beside it'],
    [
      [{ openai_model: { openai_base_url: 'http://h' } }],
      'policy_model.fallbacks[0].responses_api_models.openai_model',
    ],
  ])('%j is refused', async (fallbacks, words) => {
    const config = { base_url: 'http://h/v1', api_key: 'k', model: 'm', fallbacks } as JsonObject;
    const error = await createModel('inference_provider', config).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NgError);
    expect(String(error)).toContain(words);
  });
});

describe('streams held until whole', () => {
  const answer = {
    text: 'naïve – 質問 and more',
    reasoning: 'two thoughts',
    toolCalls: [
      { name: 'f', arguments: '{"city":"Zürich","n":1}' },
      { name: 'g', arguments: '{}' },
    ],
  };
  /** Ids are made from the bytes of a reply, which differ between a stream and a whole one. */
  const withoutIds = (reply: unknown): unknown =>
    JSON.parse(JSON.stringify(reply).replace(/"(resp|msg|rs|fc)_[^"]*"/g, '"id"'));

  it.each(['inference_provider', 'openai_model'])('give the same reply as a whole one (%s)', async (type) => {
    const upstream = await provider({ answer: () => answer, tokenDelayMs: 1 });
    const replies = [];
    for (const stream of [false, true]) {
      const config: JsonObject =
        type === 'openai_model'
          ? { openai_base_url: upstream.baseUrl, openai_api_key: 'k', openai_model: 'm' }
          : { base_url: upstream.baseUrl, api_key: 'k', model: 'm' };
      const made = await createModel(type, { ...config, stream_upstream: stream });
      open.push(made);
      replies.push(await made.respond(ask('x'), testCall()));
    }
    expect(upstream.requests.map(({ stream }) => stream)).toEqual([false, true]);
    const [whole, held] = replies.map(withoutIds) as [JsonObject, JsonObject];
    const comparable = (reply: JsonObject): unknown => ({
      ...reply,
      created_at: 0,
      output: JSON.parse(JSON.stringify(reply['output']).replace(/call_\d+/g, 'call')),
    });
    expect(comparable(held)).toEqual(comparable(whole));
  });

  it('survive bytes cut anywhere', async () => {
    const upstream = await provider({
      answer: () => answer,
      faultFor: () => ({ kind: 'half_chunks', size: 3 }),
    });
    const made = await model({ base_url: upstream.baseUrl, api_key: 'k', model: 'm', stream_upstream: true });
    expect(outputText(await made.respond(ask('x'), testCall()))).toBe(answer.text);
  });

  it('fail on an error inside the stream', async () => {
    const upstream = await provider({
      answer: () => ({ text: 'one two three four' }),
      faultFor: () => ({ kind: 'in_band_error', message: 'upstream fell over', code: 502, after: 2 }),
    });
    const made = await model({ base_url: upstream.baseUrl, api_key: 'k', model: 'm', stream_upstream: true });
    const failure = await failureOf(made.respond(ask('x'), testCall()));
    expect(failure.kind).toBe('server_error');
    expect(failure.message).toContain('upstream fell over');
  });

  it('take a whole reply from a provider that does not stream', async () => {
    const body = {
      choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }],
    };
    const upstream = await provider({ faultFor: () => ({ kind: 'status', status: 200, body }) });
    const made = await model({ base_url: upstream.baseUrl, api_key: 'k', model: 'm', stream_upstream: true });
    expect(outputText(await made.respond(ask('x'), testCall()))).toBe('whole');
  });

  it('say that a page came in place of a stream', async () => {
    const upstream = await provider({ faultFor: () => 'garbage' });
    const made = await model({ base_url: upstream.baseUrl, api_key: 'k', model: 'm', stream_upstream: true });
    const failure = await failureOf(made.respond(ask('x'), testCall()));
    expect([failure.kind, failure.message]).toEqual(['garbage_reply', expect.stringContaining('502 Bad')]);
  });
});
