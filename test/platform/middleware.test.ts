import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { defineMiddleware, type Middleware, type MiddlewareEnd } from '../../src/protocol/index.js';
import { startProvider, type Provider, type ProviderOptions } from '../support/provider/provider.mjs';
import { GATEWAY, testPlatform, until, type TestPlatform } from './support.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Entry = { name: string; config_type: string; config: object };
const ngym = (type: string, config: object): Entry => ({ name: 'ngym', config_type: type, config });
const own = (name: string, config: object = {}): Entry => ({ name, config_type: 'any', config });

interface Chains {
  request_middleware?: Entry[];
  response_middleware?: Entry[];
  post_response_middleware?: Entry[];
}

interface Served {
  upstream: Provider;
  nmp: TestPlatform;
  openai: OpenAI;
}

const VM = `${GATEWAY}/virtual-models`;
const DIALECTS = [
  ['chat', 'fake-model'],
  ['messages', 'claude-x'],
] as const;

/** A virtual model `vm` with these chains, in front of one provider. */
async function served(
  chains: Chains,
  {
    model = 'fake-model',
    middleware = [],
    ...options
  }: ProviderOptions & { model?: string; middleware?: Middleware[] } = {},
): Promise<Served> {
  const upstream = await startProvider({ models: [model, 'other-model'], ...options });
  ends.push(() => upstream.close());
  const nmp = await testPlatform({ discovery: false, middleware });
  ends.push(() => nmp.end());
  await nmp.addProvider('pp', { host_url: upstream.baseUrl });
  const vm = { name: 'vm', default_model_entity: `default/${model}`, ...chains };
  const made = await nmp.ask('POST', VM, vm);
  expect(made.status, made.text).toBe(201);
  const openai = new OpenAI({ baseURL: `${nmp.url}${GATEWAY}/openai/-/v1`, apiKey: 'x', maxRetries: 0 });
  return { upstream, nmp, openai };
}

const saying = (text: string) => [{ role: 'user' as const, content: text }];
const chat = (messages = saying('[answer: Hello there]'), more: object = {}) => ({
  model: 'vm',
  messages,
  ...more,
});
const post = ({ nmp }: Served, body: object) =>
  nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, body);

async function streamed(
  { openai }: Served,
  body: object,
): Promise<{ text: string; chunks: number; empty: number }> {
  let [text, chunks, empty] = ['', 0, 0];
  const stream = await openai.chat.completions.create({ ...chat(), ...body, stream: true } as never);
  for await (const chunk of stream as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>) {
    chunks += 1;
    if (chunk.choices.length === 0) empty += 1;
    text += chunk.choices[0]?.delta.content ?? '';
  }
  return { text, chunks, empty };
}

describe('parameters', () => {
  it('gives defaults, requires values, and brings back what is beyond a limit', async () => {
    const config = {
      defaults: { temperature: 0.5, top_p: 0.9 },
      required: { seed: 7 },
      limits: { max_tokens: { max: 20 }, temperature: { max: 1 } },
    };
    const all = await served({ request_middleware: [ngym('parameters', config)] });
    expect(
      (await post(all, chat(undefined, { temperature: 2, max_completion_tokens: 99, seed: 1 }))).status,
    ).toBe(200);
    expect(all.upstream.requests.at(-1)!.body).toMatchObject({
      temperature: 1,
      top_p: 0.9,
      seed: 7,
      max_completion_tokens: 20,
    });
    await post(all, chat());
    expect(all.upstream.requests.at(-1)!.body).toMatchObject({ max_tokens: 20, temperature: 0.5 });
  });

  it('refuses instead, where it says so', async () => {
    const config = { limits: { max_tokens: { max: 20 } }, beyond: 'refuse' };
    const all = await served({ request_middleware: [ngym('parameters', config)] });
    const refused = await post(all, chat(undefined, { max_tokens: 21 }));
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      'max_tokens must be at most 20 for this model',
    ]);
    expect(all.upstream.requests).toHaveLength(0);
  });
});

describe.each(DIALECTS)('redaction, onto a back end that speaks %s', (_, model) => {
  const config = { patterns: ['\\d{3}-\\d{2}-\\d{4}', 'secret-\\w+'] };

  it('takes patterns out of what is asked and answered, streams included', async () => {
    const all = await served(
      { request_middleware: [ngym('redact', config)], response_middleware: [ngym('redact', config)] },
      { model, answer: () => ({ text: 'It is secret-word and 123-45-6789.' }) },
    );
    const reply = await post(all, chat(saying('mine is 123-45-6789')));
    expect(reply.status, reply.text).toBe(200);
    expect(JSON.stringify(all.upstream.requests.at(-1)!.body)).not.toContain('123-45-6789');
    expect(reply.body.choices[0].message.content).toBe('It is [redacted] and [redacted].');
    const { text } = await streamed(all, {});
    expect(text).toBe('It is [redacted] and [redacted].');
  });
});

describe.each(DIALECTS)('accounting, onto a back end that speaks %s', (_, model) => {
  it('counts requests, tokens and cost, of streams too, and hides what the client did not ask for', async () => {
    const all = await served(
      { post_response_middleware: [ngym('usage', { prices: { input: 1_000_000, output: 2_000_000 } })] },
      { model },
    );
    const whole = await post(all, chat());
    const { prompt_tokens: input, completion_tokens: output } = whole.body.usage;
    expect(input).toBeGreaterThan(0);
    const { text, empty } = await streamed(all, {});
    expect([text, empty]).toEqual(['Hello there', 0]);
    const { empty: asked } = await streamed(all, { stream_options: { include_usage: true } });
    expect(asked).toBe(1);
    const { body } = await all.nmp.ask('GET', `${VM}/vm/usage`);
    const [total] = body.data.filter(({ period }: { period: string }) => period === 'total');
    expect(total).toMatchObject({
      requests: 3,
      failed: 0,
      input_tokens: 3 * input,
      output_tokens: 3 * output,
    });
    expect(total.cost_usd).toBeCloseTo(3 * input + 6 * output);
  });
});

describe('limits', () => {
  it('refuses what is more than a minute may have, and says when to come back', async () => {
    const all = await served({ request_middleware: [ngym('limits', { requests_per_minute: 2 })] });
    expect((await post(all, chat())).status).toBe(200);
    expect((await streamed(all, {})).text).toBe('Hello there');
    const refused = await post(all, chat());
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(all.upstream.requests).toHaveLength(2);
  });

  it('refuses when the budget is spent, also after the chains were changed', async () => {
    const chains = {
      request_middleware: [ngym('limits', { budget_tokens: 1, period: 'day' })],
      post_response_middleware: [ngym('usage', {})],
    };
    const all = await served(chains);
    expect((await post(all, chat())).status).toBe(200);
    expect((await post(all, chat())).status).toBe(402);
    await all.nmp.ask('PATCH', `${VM}/vm`, { request_middleware: [ngym('limits', { budget_tokens: 2 })] });
    expect((await post(all, chat())).status).toBe(402);
    await all.nmp.ask('PATCH', `${VM}/vm`, { request_middleware: [ngym('limits', { budget_tokens: 1e6 })] });
    expect((await post(all, chat())).status).toBe(200);
  });

  it('lets so many through at a time', async () => {
    const all = await served({ request_middleware: [ngym('limits', { concurrent: 2 })] }, { latency: 80 });
    const replies = await Promise.all(Array.from({ length: 5 }, () => post(all, chat())));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 200, 429, 429, 429]);
    expect((await post(all, chat())).status).toBe(200);
  });
});

describe('fallback', () => {
  it('asks another entity when all providers of the model’s own have failed', async () => {
    const all = await served({ request_middleware: [ngym('fallback', { models: ['default/other-model'] })] });
    all.upstream.setScript(['status_503']);
    const reply = await post(all, chat());
    expect([reply.status, reply.body.model]).toEqual([200, 'default/other-model']);
    all.upstream.setScript(['status_503']);
    expect((await streamed(all, {})).text).toBe('Hello there');
  });
});

describe('the cache', () => {
  it('answers what was asked before, streams as streams, and forgets in time', async () => {
    const all = await served({ request_middleware: [ngym('cache', { ttl_seconds: 60 })] });
    const first = await post(all, chat());
    const again = await post(all, { ...chat(), model: 'vm' });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('x-ngym-cache')).toBe('hit');
    const [one, two] = [await streamed(all, {}), await streamed(all, {})];
    expect(two).toEqual(one);
    expect(all.upstream.requests).toHaveLength(2);
    await post(all, chat(saying('something else')));
    expect(all.upstream.requests).toHaveLength(3);
  });

  it('keeps nothing that failed or was cut', async () => {
    const all = await served({ request_middleware: [ngym('cache', {})] });
    all.upstream.setScript(['status_500', { kind: 'reset_mid_body', after: 2 }]);
    expect((await post(all, chat())).status).toBe(500);
    const long = saying('[answer: one two three four five six seven]');
    await expect(streamed(all, { messages: long })).rejects.toThrow();
    expect((await streamed(all, { messages: long })).text).toContain('seven');
    expect((await post(all, chat())).status).toBe(200);
  });
});

describe('a user’s own middleware', () => {
  it('sees and changes requests, replies, events and the end', async () => {
    const seen: MiddlewareEnd[] = [];
    const middleware = defineMiddleware({
      name: 'mine',
      open: ({ tag }) => ({
        request({ body }) {
          body!['user'] = tag!;
        },
        response: (reply) => ({ ...reply, seen: true }),
        event: (data) => ({ ...data, seen: true }),
        done: (ended) => void seen.push(ended),
      }),
    });
    const entry = own('mine', { tag: 'me' });
    const chains = {
      request_middleware: [entry],
      response_middleware: [entry],
      post_response_middleware: [entry],
    };
    const all = await served(chains, { middleware: [middleware] });
    const reply = await post(all, chat());
    expect(reply.body.seen).toBe(true);
    expect(all.upstream.requests.at(-1)!.body).toMatchObject({ user: 'me' });
    const raw = await post(all, chat(undefined, { stream: true }));
    const events = raw.text.split('\n\n').filter((event) => event.startsWith('data: {'));
    expect(events.length).toBeGreaterThan(1);
    expect(events.every((event) => event.includes('"seen":true'))).toBe(true);
    expect(raw.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    await until(() => seen.length === 2);
    for (const ended of seen) {
      expect(ended).toMatchObject({
        status: 200,
        complete: true,
        provider: 'default/pp',
        entity: 'default/fake-model',
      });
      expect(ended.usage!.outputTokens).toBeGreaterThan(0);
    }
  });

  it('may answer by itself, and send a request to another entity', async () => {
    const middleware = defineMiddleware({
      name: 'router',
      open: () => ({
        request({ body }) {
          if (JSON.stringify(body).includes('forbidden'))
            return { status: 451, body: { detail: 'not here' } };
          body!['model'] = 'default/other-model';
          return undefined;
        },
      }),
    });
    const all = await served({ request_middleware: [own('router')] }, { middleware: [middleware] });
    const refused = await post(all, chat(saying('the forbidden word')));
    expect([refused.status, refused.body]).toEqual([451, { detail: 'not here' }]);
    expect((await post(all, chat())).body.model).toBe('default/other-model');
  });

  it('that throws ends the request with its name, cuts a stream, and is only told of when all is over', async () => {
    const told: string[] = [];
    const broken = (hook: string) =>
      defineMiddleware({
        name: `broken-${hook}`,
        open: () => ({
          [hook]: () => {
            throw new Error('oh no');
          },
        }),
      });
    const middleware = ['request', 'response', 'event', 'done'].map(broken);
    const upstream = await startProvider({ models: ['fake-model'] });
    ends.push(() => upstream.close());
    const nmp = await testPlatform({ discovery: false, middleware, tell: (text) => told.push(text) });
    ends.push(() => nmp.end());
    await nmp.addProvider('pp', { host_url: upstream.baseUrl });
    const make = (chains: Chains) =>
      nmp.ask('POST', VM, { name: 'vm', default_model_entity: 'default/fake-model', ...chains });
    const ask = (more: object = {}) =>
      nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, chat(undefined, more));
    await make({ request_middleware: [own('broken-request')] });
    const refused = await ask();
    const words = "Middleware 'broken-request' in request_middleware[0] of default/vm failed: oh no";
    expect([refused.status, refused.body.detail]).toEqual([500, words]);
    expect(upstream.requests).toHaveLength(0);
    await nmp.ask('PATCH', `${VM}/vm`, {
      request_middleware: [],
      response_middleware: [own('broken-response')],
    });
    expect((await ask()).status).toBe(500);
    expect((await ask({ stream: true })).status).toBe(500);
    await nmp.ask('PATCH', `${VM}/vm`, { response_middleware: [own('broken-event')] });
    const cut = await ask({ stream: true });
    expect(cut.text).toContain('event: error');
    expect(cut.text).not.toContain('[DONE]');
    await until(() => upstream.counts().open === 0);
    await nmp.ask('PATCH', `${VM}/vm`, {
      response_middleware: [],
      post_response_middleware: [own('broken-done')],
    });
    expect((await ask()).status).toBe(200);
    await until(() => told.some((text) => text.includes('post_response_middleware[0] failed: oh no')));
  });
});

describe('a chain', () => {
  it.each([
    [{ request_middleware: [own('nobody')] }, "references unknown plugin 'nobody' in request_middleware[0]"],
    [{ request_middleware: [ngym('parametres', {})] }, "Unknown config_type 'parametres'"],
    [{ request_middleware: [ngym('redact', { patterns: ['('] })] }, 'patterns[0]'],
    [{ request_middleware: [ngym('limits', { budget: 3 })] }, "Unknown key 'budget'"],
    [
      { post_response_middleware: [ngym('usage', { prices: { input: 1 } })] },
      'prices must have input and output',
    ],
  ])('with %j is refused', async (chains, words) => {
    const nmp = await testPlatform({ discovery: false });
    ends.push(() => nmp.end());
    const refused = await nmp.ask('POST', VM, { name: 'vm', default_model_entity: 'default/x', ...chains });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain(words);
  });
});
