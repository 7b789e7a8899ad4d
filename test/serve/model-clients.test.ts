import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/protocol/index.js';
import { MODEL_TYPES } from '../../src/models/index.js';
import { startModelServer } from '../../src/serve/model/index.js';
import { createRedactor, systemClock, type Notice } from '../../src/transport/index.js';
import { startProvider, type ProviderOptions } from '../support/provider/provider.mjs';
import { serveModel, UPSTREAMS } from './model-support.js';
import { Cleanup, context, get, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** A model of any type before a provider, served; `told` collects its notices. */
async function serveType(
  type: string,
  config: (baseUrl: string) => Record<string, unknown>,
  options: ProviderOptions = {},
) {
  const provider = await startProvider(options);
  cleanup.after(() => provider.close());
  const told: string[] = [];
  const services = {
    clock: systemClock,
    random: () => 0,
    redactor: createRedactor(),
    roots: [],
    notify: ({ message }: Notice) => told.push(message),
  };
  const block = { ...config(provider.baseUrl), max_attempts: 1 };
  const model = await (await MODEL_TYPES[type]!()).create('policy_model', block, services);
  cleanup.after(() => model.close());
  const server = cleanup.add(await startModelServer({ model, host: '127.0.0.1', port: 0 }, context()));
  return { provider, told, url: server.url };
}

const KEY = 'sk-test-0123456789';
const TYPES: Record<string, (baseUrl: string) => Record<string, unknown>> = {
  inference_provider: (base_url) => ({ base_url, api_key: KEY, model: 'm/one' }),
  azure_openai_model: (base_url) => ({
    openai_base_url: base_url,
    openai_api_key: KEY,
    openai_model: 'm/one',
    default_query: { 'api-version': '1' },
    num_concurrent_requests: 4,
  }),
  vllm_model: (base_url) => ({
    base_url,
    api_key: KEY,
    model: 'm/one',
    return_token_id_information: false,
    uses_reasoning_parser: false,
  }),
  openai_model: (openai_base_url) => ({ openai_base_url, openai_api_key: KEY, openai_model: 'm/one' }),
};

/** The `response` of the last event of a Responses stream. */
async function lastResponse(url: string, body: object): Promise<JsonObject> {
  const { text } = await post(url, { ...body, stream: true });
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return (JSON.parse(lines.at(-1)!.slice(6)) as { response: JsonObject }).response;
}

const asked = { input: '[answer: hello]' };
const ZEROS = { input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
const UNKNOWN = {
  input_tokens_details: { cached_tokens: null },
  output_tokens_details: { reasoning_tokens: null },
};

describe('usage that a Responses client is served', () => {
  it('has whole numbers where a Chat provider says nothing, whole and streamed', async () => {
    const { url } = await serveModel(cleanup, 'chat');
    expect((await post(`${url}/v1/responses`, asked)).body.usage).toMatchObject(ZEROS);
    expect((await lastResponse(`${url}/v1/responses`, asked))['usage']).toMatchObject(ZEROS);
  });

  it.each([
    ['null', { input_tokens: 3, output_tokens: 4, total_tokens: 7, ...UNKNOWN }],
    ['missing', { input_tokens: 3, output_tokens: 4 }],
  ])('has them where the details of a Responses provider are %s', async (_, usage) => {
    const { url } = await serveModel(cleanup, 'responses', { answer: () => ({ text: 'hello', usage }) });
    const wanted = { input_tokens: 3, output_tokens: 4, total_tokens: 7, ...ZEROS };
    const whole = await post(`${url}/v1/responses`, asked);
    expect(whole.body.usage).toEqual(wanted);
    expect(whole.body.output[0].content[0].text).toBe('hello');
    expect((await lastResponse(`${url}/v1/responses`, asked))['usage']).toEqual(wanted);
  });

  it('is left alone where it is whole, and where there is none', async () => {
    for (const usage of [{ input_tokens: 3, output_tokens: 4, total_tokens: 9, ...ZEROS, extra: 1 }, null]) {
      const answer = () => ({ text: 'the "usage": {"cached_tokens": null}', usage });
      const { url } = await serveModel(cleanup, 'responses', { answer });
      if (usage !== null) expect((await post(`${url}/v1/responses`, asked)).body.usage).toEqual(usage);
      expect((await lastResponse(`${url}/v1/responses`, asked))['output']).toMatchObject([
        { content: [{ text: 'the "usage": {"cached_tokens": null}' }] },
      ]);
    }
  });

  it('stays unknown for those who store rows, also when they ask over another server of ours', async () => {
    const { url } = await serveModel(cleanup, 'chat');
    const known = await post(`${url}/v1/responses`, asked, { 'x-ngym-usage': 'as-known' });
    expect(known.body.usage).toMatchObject(UNKNOWN);
    const { remoteModel } = await import('../../src/models/index.js');
    const services = { clock: systemClock, random: () => 0, redactor: createRedactor(), roots: [] };
    const far = await (await remoteModel()).create('far', { base_url: url }, services);
    cleanup.after(() => far.close());
    const call = { signal: new AbortController().signal, deadline: null, episodeId: '0-0', rolloutIndex: 0 };
    const reply = await far.respond(asked, { ...call, attempts: [], onPhase: () => undefined });
    expect(reply.usage).toMatchObject(UNKNOWN);
  });
});

it('a served reply is as old as its arrival here, as in the rows', async () => {
  const { url } = await serveModel(cleanup, 'chat');
  const before = Math.floor(Date.now() / 1000);
  const { created_at: whole } = (await post(`${url}/v1/responses`, asked)).body as { created_at: number };
  const { created_at: streamed } = await lastResponse(`${url}/v1/responses`, asked);
  // The provider of these tests says a moment that has long passed.
  for (const time of [whole, streamed as number]) {
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now() / 1000);
  }
});

describe('tools that only another API runs', () => {
  const search = { type: 'web_search' };
  const fn = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } };
  const chatTypes = ['inference_provider', 'azure_openai_model', 'vllm_model'];

  it.each(chatTypes)('are refused by %s with the key that leaves them out', async (type) => {
    const { url, provider } = await serveType(type, TYPES[type]!);
    const { status, body } = await post(`${url}/v1/responses`, { ...asked, tools: [search, fn] });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'untranslatable' });
    expect(body.error.message).toContain('unsupported_tools: drop');
    expect(provider.requests).toEqual([]);
  });

  it.each(chatTypes)('are left out by %s when told to, and that is said once', async (type) => {
    const { url, provider, told } = await serveType(type, (base) => ({
      ...TYPES[type]!(base),
      unsupported_tools: 'drop',
    }));
    const body = { ...asked, tools: [search, fn, { type: 'image_generation' }], tool_choice: search };
    expect((await post(`${url}/v1/responses`, body)).status).toBe(200);
    expect((await post(`${url}/v1/responses`, { ...asked, tools: [search] })).status).toBe(200);
    await lastResponse(`${url}/v1/responses`, body);
    const [first, second] = provider.requests.map(({ body: sent }) => sent as JsonObject);
    expect(first!['tools']).toMatchObject([{ function: { name: 'get_weather' } }]);
    expect(first).not.toHaveProperty('tool_choice');
    expect(second).not.toHaveProperty('tools');
    const hosted = told.filter((text) => text.includes('runs at its own provider'));
    expect(hosted).toHaveLength(2);
    expect(hosted[0]).toContain('"web_search"');
    expect(hosted[0]).toContain('unsupported_tools');
  });

  it('of Anthropic are left out towards a Responses provider, whose own are passed on', async () => {
    const { url, provider } = await serveType('openai_model', (base) => ({
      ...TYPES['openai_model']!(base),
      unsupported_tools: 'drop',
    }));
    const messages = [{ role: 'user', content: '[answer: hi]' }];
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    expect((await post(`${url}/v1/messages`, { max_tokens: 9, messages, tools })).status).toBe(200);
    expect((await post(`${url}/v1/responses`, { ...asked, tools: [search] })).status).toBe(200);
    const [first, second] = provider.requests.map(({ body }) => body as JsonObject);
    expect(first).not.toHaveProperty('tools');
    expect(second!['tools']).toEqual([search]);
  });

  it('are left out by a model that answers with whole replies only', async () => {
    const { url } = await serveType('vllm_model', (base) => ({
      ...TYPES['vllm_model']!(base),
      unsupported_tools: 'drop',
      use_completions_api: true,
    }));
    const messages = [{ role: 'user', content: '[answer: hi]' }];
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    const { body } = await post(`${url}/v1/messages`, { max_tokens: 9, messages, tools });
    expect(body.content).toEqual([{ type: 'text', text: 'hi' }]);
  });

  it('cannot be the only ones when a call is required', async () => {
    const { url } = await serveType('inference_provider', (base) => ({
      ...TYPES['inference_provider']!(base),
      unsupported_tools: 'drop',
    }));
    const reply = await post(`${url}/v1/responses`, { ...asked, tools: [search], tool_choice: 'required' });
    expect(reply.body.error.message).toContain('needs at least one tool');
  });

  it('know two words only', async () => {
    const block = (base: string) => ({ ...TYPES['vllm_model']!(base), unsupported_tools: 'maybe' });
    await expect(serveType('vllm_model', block)).rejects.toThrow('unsupported_tools');
  });
});

describe('an answer of nothing', () => {
  it.each(UPSTREAMS)('is one empty text block for a Messages client of a %s provider', async (upstream) => {
    const { url } = await serveModel(cleanup, upstream, { answer: () => ({ text: '' }) });
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 });
    const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'x' }] };
    expect((await anthropic.messages.create(body)).content).toEqual([{ type: 'text', text: '' }]);
    const events: Json[] = [];
    const stream = anthropic.messages.stream(body).on('streamEvent', ({ type }) => events.push(type));
    expect((await stream.finalMessage()).content).toEqual([{ type: 'text', text: '' }]);
    expect(events).toEqual([
      'message_start',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });
});

describe('what a client asks before it begins', () => {
  it('is told of the one model, in the form of its own API', async () => {
    const { url } = await serveType('inference_provider', TYPES['inference_provider']!);
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
    expect(await openai.models.retrieve('m/one')).toMatchObject({ id: 'm/one', object: 'model' });
    expect((await get(`${url}/v1/models/m/one`)).body).toMatchObject({
      id: 'm/one',
      owned_by: 'policy_model',
    });
    expect((await openai.models.retrieve('policy_model')).id).toBe('m/one');
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 });
    const entry = { type: 'model', id: 'm/one', display_name: 'm/one' };
    expect(await anthropic.models.retrieve('m/one')).toMatchObject(entry);
    expect((await anthropic.models.list()).data).toMatchObject([entry]);
  });

  it('is told of what is not there as not found, in the words of its own API', async () => {
    const { url } = await serveModel(cleanup, 'chat');
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
    const missing = [
      () => openai.models.retrieve('other'),
      () => openai.completions.create({ model: 'm', prompt: 'x' }),
      () => openai.embeddings.create({ model: 'm', input: 'x' }),
    ];
    for (const ask of missing) {
      await expect(ask()).rejects.toBeInstanceOf(OpenAI.NotFoundError);
      await expect(ask()).rejects.toMatchObject({ code: 'not_found', type: 'not_found_error' });
    }
    const { body } = await post(`${url}/v1/completions`, {});
    expect(body.error.message).toContain('POST /v1/completions is not served here');
    expect(body.error.message).toContain('POST /v1/chat/completions');
    expect((await get(`${url}/v1/models/other`)).body.error.message).toContain('"configured"');
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 });
    await expect(anthropic.models.retrieve('other')).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
    expect((await post(`${url}/v1/messages/batches`, {})).body).toMatchObject({ type: 'error' });
  });
});

describe('the count of input tokens', () => {
  const messages = [{ role: 'user' as const, content: 'one two three four five six seven eight' }];
  const input = messages[0]!.content;
  const clients = (url: string) => ({
    openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 }),
  });

  it.each([
    ['vllm_model', '/tokenize'],
    ['openai_model', '/v1/responses/input_tokens'],
  ])('is what the provider of %s says', async (type, path) => {
    const { url, provider } = await serveType(type, TYPES[type]!);
    const { openai, anthropic } = clients(url);
    const wanted = (await post(provider.url + path, { messages, input })).body as {
      count?: number;
      input_tokens?: number;
    };
    const count = wanted.count ?? wanted.input_tokens!;
    expect(count).toBeGreaterThan(0);
    expect((await anthropic.messages.countTokens({ model: 'm', messages })).input_tokens).toBe(count);
    const told = await openai.responses.inputTokens.count({ model: 'm', input });
    expect(told).toEqual({ object: 'response.input_tokens', input_tokens: count });
    const raw = await post(`${url}/v1/responses/input_tokens`, { input });
    expect(raw.headers.get('x-ngym-token-count')).toBe('provider');
    expect(provider.requests).toEqual([]);
  });

  it('is an estimate that says so where the provider cannot be asked', async () => {
    const { url } = await serveType('inference_provider', TYPES['inference_provider']!);
    const { anthropic, openai } = clients(url);
    const ask = (body: object) => post(`${url}/v1/messages/count_tokens`, body);
    const first = await ask({ messages });
    expect(first.headers.get('x-ngym-token-count')).toBe('estimate');
    // 39 bytes, one message.
    expect(first.body).toEqual({ input_tokens: 14 });
    expect((await openai.responses.inputTokens.count({ model: 'm', input })).input_tokens).toBe(14);
    const tools = [
      { name: 'get_weather', description: 'Tells it.', input_schema: { type: 'object' as const } },
    ];
    const more = await anthropic.messages.countTokens({ model: 'm', messages, tools, system: 'Be brief.' });
    expect(more.input_tokens).toBeGreaterThan(14 + 20);
    const data = 'A'.repeat(1_000_000);
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
    const seen = await ask({ messages: [{ role: 'user', content: [image, { type: 'text', text: input }] }] });
    expect(seen.body.input_tokens).toBe(1014);
  });

  it('is an estimate where the provider has no such endpoint, which is asked once', async () => {
    const asked: string[] = [];
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanup.after(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
    const { port } = server.address() as { port: number };
    const { url } = await serveType('vllm_model', () => TYPES['vllm_model']!(`http://127.0.0.1:${port}/v1`));
    for (let i = 0; i < 3; i++) {
      const { headers, status } = await post(`${url}/v1/messages/count_tokens`, { messages });
      expect([status, headers.get('x-ngym-token-count')]).toEqual([200, 'estimate']);
    }
    expect(asked).toEqual(['/tokenize']);
  });

  it('refuses what is no request, in the words of the dialect', async () => {
    const { url } = await serveModel(cleanup, 'chat');
    expect((await post(`${url}/v1/messages/count_tokens`, { messages: 'x' })).body).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'messages: must be a list' },
    });
    expect((await post(`${url}/v1/responses/input_tokens`, {})).body.error.code).toBe('bad_request');
  });
});

describe('an error that a client is told', () => {
  it.each(UPSTREAMS)('does not have the address of the %s provider', async (upstream) => {
    const { url, provider } = await serveModel(cleanup, upstream);
    const host = new URL(provider.url).host;
    const faults = [
      { kind: 'status', status: 500, message: 'boom inside' },
      { kind: 'status', status: 401, message: 'no' },
      'reset',
      'garbage',
      'in_band_error',
      { kind: 'truncate', after: 1 },
    ] as const;
    const bodies: Record<string, object> = {
      '/v1/responses': { input: '[answer: a b c d]' },
      '/v1/chat/completions': { messages: [{ role: 'user', content: '[answer: a b c d]' }] },
      '/v1/messages': { max_tokens: 9, messages: [{ role: 'user', content: '[answer: a b c d]' }] },
    };
    let failures = 0;
    for (const fault of faults) {
      for (const [path, body] of Object.entries(bodies)) {
        for (const stream of [false, true]) {
          provider.setScript([fault]);
          const { text } = await post(url + path, { ...body, stream });
          if (/error/.test(text)) failures += 1;
          expect(text, `${JSON.stringify(fault)} ${path}`).not.toContain(host);
        }
      }
    }
    expect(failures).toBeGreaterThan(25);
    provider.setScript([faults[0]]);
    const { body } = await post(`${url}/v1/responses`, asked);
    expect(body.error.message).toBe('HTTP 500: boom inside');
  });

  it('does not have it when nobody is there', async () => {
    const { url, provider } = await serveModel(cleanup, 'chat');
    const { host } = new URL(provider.url);
    await provider.close();
    const { text } = await post(`${url}/v1/responses`, asked);
    expect(text).toContain('nothing accepts connections');
    expect(text).not.toContain(host);
  });
});
