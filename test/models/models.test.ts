import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NgError } from '../../src/errors/index.js';
import type { JsonObject, Model } from '../../src/protocol/index.js';
import { outputText } from '../../src/protocol/index.js';
import { createRedactor } from '../../src/transport/index.js';
import { MODEL_TYPES } from '../../src/models/index.js';
import { testCall } from '../support/call.js';
import type { Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { failureOf } from '../transport/helpers.js';
import { createModel, freshKey } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function provider(options: ProviderOptions = {}): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

async function model(type: string, config: JsonObject): Promise<Model> {
  const made = await createModel(type, config);
  open.push(made);
  return made;
}

const ask = (text: string): { input: { role: string; content: string }[] } => ({
  input: [{ role: 'user', content: text }],
});

describe('inference_provider', () => {
  it('asks chat completions and answers as Responses, under the configured model', async () => {
    const upstream = await provider();
    const key = freshKey();
    const policy = await model('inference_provider', {
      base_url: upstream.baseUrl,
      api_key: key,
      model: 'm-1',
    });
    const reply = await policy.respond(
      { ...ask('[answer: hello]'), model: 'other', stream: true },
      testCall(),
    );
    expect(outputText(reply)).toBe('hello');
    expect(reply).toMatchObject({
      object: 'response',
      model: 'm-1',
      status: 'completed',
      usage: { input_tokens: 2 },
    });
    const [sent] = upstream.requests;
    expect(sent!.path).toBe('/v1/chat/completions');
    expect(sent!.headers.authorization).toBe(`Bearer ${key}`);
    expect(sent!.body).toEqual({ model: 'm-1', messages: [{ role: 'user', content: '[answer: hello]' }] });
  });

  it('merges extra_body under the request', async () => {
    const upstream = await provider();
    const policy = await model('inference_provider', {
      base_url: upstream.baseUrl,
      api_key: 'k',
      model: 'm',
      extra_body: { temperature: 0.1, top_k: 5 },
    });
    await policy.respond({ ...ask('x'), temperature: 0.9 }, testCall());
    expect(upstream.requests[0]!.body).toMatchObject({ temperature: 0.9, top_k: 5 });
  });

  it.each([true, false])(
    'turns reasoning into reasoning items (uses_reasoning_parser: %s)',
    async (parser) => {
      const upstream = await provider({ answer: () => ({ text: '<think>deep</think>shallow' }) });
      const policy = await model('inference_provider', {
        base_url: upstream.baseUrl,
        api_key: 'k',
        model: 'm',
        uses_reasoning_parser: parser,
      });
      const reply = await policy.respond(ask('x'), testCall());
      expect(outputText(reply)).toBe(parser ? 'shallow' : '<think>deep</think>shallow');
      expect(reply.output.map(({ type }) => type)).toEqual(parser ? ['reasoning', 'message'] : ['message']);
    },
  );

  it.each(['', '/', '//'])('does not care about slashes at the end of base_url ("%s")', async (slashes) => {
    const upstream = await provider();
    const policy = await model('inference_provider', {
      base_url: upstream.baseUrl + slashes,
      api_key: 'k',
      model: 'm',
    });
    await policy.respond(ask('x'), testCall());
    expect(upstream.requests[0]!.path).toBe('/v1/chat/completions');
  });

  it('keeps to num_concurrent_requests', async () => {
    const upstream = await provider({ latency: 20 });
    const policy = await model('inference_provider', {
      base_url: upstream.baseUrl,
      api_key: 'k',
      model: 'm',
      num_concurrent_requests: 2,
    });
    await Promise.all(Array.from({ length: 8 }, (_, i) => policy.respond(ask(`p${i}`), testCall())));
    expect(upstream.counts().maxOpen).toBe(2);
  });

  it('asks again when a reply has the right form but no answer', async () => {
    const upstream = await provider({ script: [{ kind: 'status', status: 200, body: { choices: [] } }] });
    const policy = await model('inference_provider', {
      base_url: upstream.baseUrl,
      api_key: 'k',
      model: 'm',
    });
    const call = testCall();
    const reply = await policy.respond(ask('[answer: there]'), call);
    expect(outputText(reply)).toBe('there');
    expect(call.attempts.map(({ result }) => result)).toEqual(['garbage_reply', 'ok']);
  });

  it('gives the same ids for the same reply to the same episode, and others otherwise', async () => {
    const upstream = await provider({ answer: () => ({ text: 'same' }) });
    const policy = await model('inference_provider', {
      base_url: upstream.baseUrl,
      api_key: 'k',
      model: 'm',
    });
    const call = testCall();
    const first = await policy.respond(ask('x'), call);
    const second = await policy.respond(ask('x'), call);
    expect(first.id).toMatch(/^resp_[0-9a-f]{32}$/);
    expect(second.id).not.toBe(first.id);
    expect(new Set([...first.output, ...second.output].map((item) => (item as { id: string }).id)).size).toBe(
      2,
    );
  });

  it("says with the provider's words what is wrong with the key, and does not show it", async () => {
    const upstream = await provider({ apiKey: 'the-right-one' });
    const key = freshKey();
    const redactor = createRedactor();
    const policy = await createModel(
      'inference_provider',
      { base_url: upstream.baseUrl, api_key: key, model: 'm' },
      { redactor },
    );
    open.push(policy);
    const failure = await failureOf(policy.respond(ask('x'), testCall()));
    expect(failure.kind).toBe('auth');
    expect(failure.message).toContain('Incorrect API key provided');
    expect(failure.message).not.toContain(key.slice(10));
  });
});

describe('openai_model', () => {
  it('asks Responses as it is, under the configured model', async () => {
    const upstream = await provider();
    const policy = await model('openai_model', {
      openai_base_url: `${upstream.baseUrl}/`,
      openai_api_key: 'k',
      openai_model: 'm-2',
      openai_default_headers: { 'X-Title': 'ngym', Authorization: 'Bearer wrong' },
      extra_body: { max_output_tokens: null },
    });
    const request = { ...ask('[think: hm] [answer: yes]'), model: 'other', tools: [], truncation: 'auto' };
    const reply = await policy.respond(request, testCall());
    expect(outputText(reply)).toBe('yes');
    const [sent] = upstream.requests;
    expect(sent!.path).toBe('/v1/responses');
    expect(sent!.headers).toMatchObject({ 'x-title': 'ngym', authorization: 'Bearer k' });
    expect(sent!.body).toEqual({ max_output_tokens: null, ...request, model: 'm-2' });
  });

  it('leaves reasoning items out when told to', async () => {
    const upstream = await provider();
    const policy = await model('openai_model', {
      openai_base_url: upstream.baseUrl,
      openai_api_key: 'k',
      openai_model: 'm',
      drop_input_reasoning_items: true,
    });
    const input = [
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { role: 'user', content: 'x' },
    ];
    await policy.respond({ input }, testCall());
    expect(upstream.requests[0]!.body.input).toHaveLength(1);
  });

  it('fails on a response that failed', async () => {
    const body = {
      object: 'response',
      status: 'failed',
      output: [],
      error: { code: 'server_error', message: 'boom' },
    };
    const upstream = await provider({ rates: {}, faultFor: () => ({ kind: 'status', status: 200, body }) });
    const policy = await model('openai_model', {
      openai_base_url: upstream.baseUrl,
      openai_api_key: 'k',
      openai_model: 'm',
    });
    const failure = await failureOf(policy.respond(ask('x'), testCall()));
    expect(failure.message).toContain('boom');
  });
});

describe('litellm_model', () => {
  it('reads a chat completion that comes on the Responses route', async () => {
    const body = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    };
    const upstream = await provider({ faultFor: () => ({ kind: 'status', status: 200, body }) });
    const policy = await model('litellm_model', {
      openai_base_url: upstream.baseUrl,
      openai_api_key: 'k',
      openai_model: 'm',
    });
    const reply = await policy.respond(ask('x'), testCall());
    expect(outputText(reply)).toBe('hi');
    expect(reply.usage).toMatchObject({ input_tokens: 1, output_tokens: 2 });
    expect(reply.object).toBe('response');
  });
});

describe('azure_openai_model', () => {
  const config = (base: string): JsonObject => ({
    openai_base_url: base,
    openai_api_key: 'azure-key-123456',
    openai_model: 'my deployment',
    default_query: { 'api-version': '2024-10-21' },
    num_concurrent_requests: 8,
  });

  it.each(['', '/', '/openai', '/openai/'])(
    'asks the deployment with the api-key header (base ends in "%s")',
    async (end) => {
      const paths: string[] = [];
      const upstream = await provider({
        faultFor: (request) => {
          paths.push(request.path);
          return undefined;
        },
      });
      const policy = await model('azure_openai_model', config(upstream.url + end));
      const reply = await policy.respond(ask('[answer: hej]'), testCall());
      expect(outputText(reply)).toBe('hej');
      expect(reply.usage).not.toBeNull();
      expect(paths).toEqual(['/openai/deployments/my%20deployment/chat/completions']);
      expect(upstream.requests[0]!.headers['api-key']).toBe('azure-key-123456');
      expect(upstream.requests[0]!.headers.authorization).toBeUndefined();
    },
  );

  it('uses the v1 route as it is', async () => {
    const upstream = await provider();
    const policy = await model('azure_openai_model', config(`${upstream.url}/openai/v1/`));
    await policy.respond(ask('x'), testCall());
    expect(upstream.requests[0]!.path).toBe('/openai/v1/chat/completions');
  });
});

it('openai_model says what an endpoint that speaks Chat Completions only needs', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ object: 'chat.completion', choices: [{ message: { content: 'hi' } }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/v1`;
  const policy = await model('openai_model', {
    base_url: base,
    api_key: 'k-1234567',
    model: 'm',
    max_attempts: 1,
  });
  const failure = await failureOf(policy.respond(ask('x'), testCall()));
  expect(failure).toMatchObject({ kind: 'garbage_reply' });
  expect(failure.message).toContain('is one of Chat Completions');
  expect(failure.message).toContain('--model-type inference_provider');
});

describe('base_url, api_key and model alone', () => {
  it.each([
    ['inference_provider', '/v1', '/v1/chat/completions'],
    ['openai_model', '/v1', '/v1/responses'],
    ['litellm_model', '/v1', '/v1/responses'],
    ['vllm_model', '/v1', '/v1/chat/completions'],
    ['azure_openai_model', '/openai/v1', '/openai/v1/chat/completions'],
  ])('are all that %s needs', async (type, base, path) => {
    const upstream = await provider();
    const key = freshKey();
    const policy = await model(type, { base_url: upstream.url + base, api_key: key, model: 'm-1' });
    expect(outputText(await policy.respond(ask('[answer: hej]'), testCall()))).toBe('hej');
    const [sent] = upstream.requests;
    expect(sent).toMatchObject({ path, body: { model: 'm-1' } });
    expect(JSON.stringify(sent!.headers)).toContain(key);
  });

  it('name a further endpoint of a type that has other words for them', async () => {
    const [gone, second] = [await provider(), await provider()];
    await gone.close();
    const policy = await model('openai_model', {
      openai_base_url: gone.baseUrl,
      openai_api_key: 'k-1234567',
      openai_model: 'm',
      max_attempts: 1,
      fallbacks: [{ base_url: second.baseUrl, model: 'other' }],
    });
    await policy.respond(ask('x'), testCall());
    expect(second.requests[0]).toMatchObject({ path: '/v1/responses', body: { model: 'other' } });
  });
});

describe('configuration mistakes', () => {
  const wrong: [string, JsonObject, string[]][] = [
    ['inference_provider', { api_key: 'k', model: 'm' }, ['base_url']],
    ['inference_provider', { base_url: 'localhost:8000', api_key: 'k', model: 'm' }, ['base_url', 'http']],
    [
      'inference_provider',
      { base_url: 'http://h/v1', api_key: 'a\nb', model: 'm' },
      ['api_key', 'line break'],
    ],
    [
      'inference_provider',
      { base_url: 'http://h', api_key: 'k', model: 'm', num_concurrent_requests: 0 },
      ['num_concurrent_requests', 'at least 1'],
    ],
    ['openai_model', { api_key: 'k', model: 'm' }, ['openai_base_url (or base_url): is missing']],
    [
      'litellm_model',
      { base_url: 'http://h', openai_base_url: 'http://other', api_key: 'k', model: 'm' },
      ['base_url', 'says something else than openai_base_url'],
    ],
    [
      'azure_openai_model',
      { base_url: 'https://name.openai.azure.com', api_key: 'k', model: 'm' },
      ['default_query={api-version: <version>}', '/openai/v1'],
    ],
    [
      'vllm_model',
      {
        base_url: 'http://h',
        api_key: 'k',
        model: 'm',
        return_token_id_information: true,
        uses_reasoning_parser: true,
        is_responses_native: true,
      },
      ['return_token_id_information', 'is_responses_native'],
    ],
  ];
  it.each(wrong)('%s %j', async (type, config, words) => {
    const error = await createModel(type, config).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NgError);
    for (const word of [`policy_model.responses_api_models.${type}`, ...words])
      expect(String(error)).toContain(word);
  });

  it('numbers where text is meant are taken as text', async () => {
    const made = await model('inference_provider', { base_url: 'http://h/v1', api_key: 12345, model: 4 });
    expect(made.modelId).toBe('4');
  });
});

it('every type says which keys it knows', async () => {
  for (const load of Object.values(MODEL_TYPES)) {
    const { knownKeys } = await load();
    expect(knownKeys).toEqual(
      expect.arrayContaining(['entrypoint', 'host', 'port', 'request_timeout_seconds']),
    );
    expect(new Set(knownKeys).size).toBe(knownKeys.length);
  }
});
