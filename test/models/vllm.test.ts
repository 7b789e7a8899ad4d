import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject, Model } from '../../src/protocol/index.js';
import { outputText } from '../../src/protocol/index.js';
import { testCall } from '../support/call.js';
import type { Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { failureOf } from '../transport/helpers.js';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { defineEnvironment } from '../../src/environments/index.js';
import { createModel, services } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function provider(options: ProviderOptions = {}): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

async function vllm(base: string | string[], more: JsonObject = {}): Promise<Model> {
  const made = await createModel('vllm_model', {
    base_url: base,
    api_key: 'dummy_key',
    model: 'm',
    return_token_id_information: false,
    uses_reasoning_parser: true,
    chat_template_kwargs: null,
    sampling_overrides: null,
    extra_body: null,
    default_headers: {},
    ...more,
  });
  open.push(made);
  return made;
}

const ask = (text: string): { input: { role: string; content: string }[] } => ({
  input: [{ role: 'user', content: text }],
});

describe('requests', () => {
  it('sampling_overrides win over the request, extra_body does not', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, {
      sampling_overrides: { temperature: 1 },
      extra_body: { top_k: 3, top_p: 0.1 },
    });
    await model.respond({ ...ask('x'), temperature: 0, top_p: 0.9, top_logprobs: null }, testCall());
    const { body } = upstream.requests[0]!;
    expect(body).toMatchObject({ temperature: 1, top_p: 0.9, top_k: 3 });
    expect(body).not.toHaveProperty('top_logprobs');
    expect(body).not.toHaveProperty('chat_template_kwargs');
  });

  it('takes chat_template_kwargs and extra_body from the metadata, over the configured ones', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, {
      chat_template_kwargs: { enable_thinking: true, a: 1 },
      extra_body: { top_k: 3, min_p: 0 },
    });
    const metadata = { chat_template_kwargs: '{"enable_thinking":false}', extra_body: '{"top_k":9}' };
    await model.respond({ ...ask('x'), metadata }, testCall());
    expect(upstream.requests[0]!.body).toMatchObject({
      chat_template_kwargs: { enable_thinking: false, a: 1 },
      top_k: 9,
      min_p: 0,
    });
  });

  it('refuses metadata that is not JSON, as a fault of the row', async () => {
    const model = await vllm('http://127.0.0.1:9/v1');
    const failure = await failureOf(
      model.respond({ ...ask('x'), metadata: { extra_body: 'top_k=9' } }, testCall()),
    );
    expect(failure.kind).toBe('row_invalid');
    expect(failure.message).toContain('metadata.extra_body');
  });

  it('sends the developer as system when told to', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, { replace_developer_role_with_system: true });
    await model.respond(
      { input: [{ role: 'developer', content: 'be brief' }, ...ask('x').input] },
      testCall(),
    );
    expect(upstream.requests[0]!.body.messages[0]).toEqual({ role: 'system', content: 'be brief' });
  });

  const history = [
    { role: 'user', content: 'a' },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'deep' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'b' }] },
    { role: 'user', content: 'c' },
  ];
  const forms: [JsonObject, object][] = [
    [{}, { content: 'b', reasoning_content: 'deep', reasoning: 'deep' }],
    [{ uses_interleaved_reasoning: false }, { content: 'b' }],
    [{ preserve_reasoning_in_assistant_content: true }, { content: '<think>deep</think>b' }],
    [{ uses_reasoning_parser: false }, { content: '<think>deep</think>b' }],
  ];
  it.each(forms)('sends earlier reasoning as configured by %j', async (more, expected) => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, more);
    await model.respond({ input: history }, testCall());
    expect(upstream.requests[0]!.body.messages[1]).toEqual({ role: 'assistant', ...expected });
  });

  it('keeps an episode with one engine, whatever its attempt in this process', async () => {
    const engines = [await provider(), await provider(), await provider()];
    const urls = engines.map(({ baseUrl }) => baseUrl);
    const model = await vllm(urls);
    const again = await vllm(urls);
    for (let task = 0; task < 30; task++) {
      await model.respond(ask(`t${task}`), testCall({ episodeId: `${task}-0` }));
      await again.respond(ask(`t${task}`), testCall({ episodeId: `${task}-0` }));
    }
    const counts = engines.map(({ requests }) => requests.length);
    expect(counts.every((count) => count > 0 && count % 2 === 0)).toBe(true);
  });

  it('does not ask again after an empty assistant turn when sequential reasoning is off', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, {
      sequential_reasoning_allowed: false,
      uses_interleaved_reasoning: false,
    });
    const reply = await model.respond({ input: history.slice(0, 2) }, testCall());
    expect(upstream.requests).toHaveLength(0);
    expect(reply.incomplete_details).toEqual({ reason: 'content_filter' });
  });
});

describe('token ids', () => {
  const capture = { return_token_id_information: true, uses_reasoning_parser: false };

  it('reach the stored row through an agent', async () => {
    const upstream = await provider();
    const { clock } = services();
    const environment = defineEnvironment({ name: 'any', verify: () => ({ reward: 1 }) }).create(
      'any',
      {},
      services(),
    );
    const model = await vllm(upstream.baseUrl, capture);
    const row = {
      responses_create_params: ask('[answer: one two three]'),
      _ng_task_index: 0,
      _ng_rollout_index: 0,
    };
    const agent = AGENT_TYPES['simple_agent']!.create('agent', {}, { clock });
    const outcome = await agent.run(row, { model, environment, call: testCall() });
    expect(outcome).toMatchObject({
      status: 'scored',
      result: {
        response: {
          output: [
            {
              prompt_token_ids: expect.any(Array),
              generation_token_ids: [expect.any(Number), expect.any(Number), expect.any(Number)],
            },
          ],
        },
      },
    });
  });

  it('come from logprobs, with the prompt from /tokenize', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, capture);
    const reply = await model.respond({ ...ask('[answer: one two three]'), top_logprobs: 5 }, testCall());
    expect(upstream.requests[0]!.body).toMatchObject({
      logprobs: true,
      top_logprobs: 0,
      return_tokens_as_token_ids: true,
    });
    const item = reply.output.at(-1) as unknown as Record<string, number[]>;
    expect(item['generation_token_ids']).toHaveLength(3);
    expect(item['generation_log_probs']).toHaveLength(3);
    expect(item['prompt_token_ids']).toHaveLength(4);
    expect(outputText(reply)).toBe('one two three');
  });

  it('come with the reply when the engine is asked for them', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, { ...capture, request_prompt_and_generation_token_ids: true });
    const call = testCall();
    const reply = await model.respond(ask('[answer: one two]'), call);
    expect(call.attempts).toHaveLength(1);
    expect(reply.output.at(-1)).toMatchObject({
      generation_token_ids: [expect.any(Number), expect.any(Number)],
    });
  });

  it('that an earlier turn carried go back to the engine', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, capture);
    const call = testCall();
    const first = await model.respond(ask('[answer: one two]'), call);
    await model.respond({ input: [...ask('a').input, ...first.output, ...ask('b').input] }, call);
    const sent = upstream.requests.at(-1)!.body.messages[1];
    const item = first.output.at(-1) as unknown as Record<string, number[]>;
    expect(sent).toMatchObject({
      prompt_token_ids: item['prompt_token_ids'],
      generation_token_ids: item['generation_token_ids'],
      generation_log_probs: item['generation_log_probs'],
    });
  });

  const choice = (message: object, more: object = {}): object => ({
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'x', ...message }, finish_reason: 'stop', ...more },
    ],
  });
  const logprobs = { content: [{ token: 'token_id:7', logprob: -0.5 }] };
  const incomplete: [string, object][] = [
    ['no logprobs', choice({})],
    ['plain tokens', choice({}, { logprobs: { content: [{ token: ' the', logprob: -1 }] } })],
    ['a token without a log-probability', choice({}, { logprobs: { content: [{ token: 'token_id:1' }] } })],
    ['only some lists on the message', choice({ prompt_token_ids: [1] })],
    [
      'lists of different length',
      choice({ prompt_token_ids: [1], generation_token_ids: [1, 2], generation_log_probs: [0] }),
    ],
    ['ids that disagree', { ...choice({}, { logprobs, token_ids: [8] }), prompt_token_ids: [1] }],
    ['prompt ids without token ids', { ...choice({}, { logprobs }), prompt_token_ids: [1] }],
  ];
  it.each(incomplete)('incomplete: %s is a failure, not a row', async (_name, body) => {
    const upstream = await provider({ faultFor: () => ({ kind: 'status', status: 200, body }) });
    const model = await vllm(upstream.baseUrl, capture);
    const failure = await failureOf(model.respond(ask('x'), testCall()));
    expect(failure.kind).toBe('token_ids_missing');
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('other routes', () => {
  it('/completions for base models', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, { use_completions_api: true, uses_reasoning_parser: false });
    const reply = await model.respond(
      {
        input: [{ role: 'system', content: 'Be brief.' }, ...ask('[answer: so be it]').input],
        max_output_tokens: 9,
      },
      testCall(),
    );
    expect(outputText(reply)).toBe('so be it');
    expect(upstream.requests[0]).toMatchObject({
      path: '/v1/completions',
      body: { model: 'm', prompt: 'Be brief.\n\n[answer: so be it]', max_tokens: 9 },
    });
  });

  it('/completions refuses tools', async () => {
    const model = await vllm('http://127.0.0.1:9/v1', { use_completions_api: true });
    const tools = [{ type: 'function', name: 'f', description: 'd', parameters: {}, strict: false }];
    const failure = await failureOf(model.respond({ ...ask('x'), tools }, testCall()));
    expect(failure.kind).toBe('untranslatable');
  });

  it('/responses when the engine speaks it', async () => {
    const upstream = await provider();
    const model = await vllm(upstream.baseUrl, {
      is_responses_native: true,
      sampling_overrides: { temperature: 1 },
    });
    await model.respond({ ...ask('x'), temperature: 0 }, testCall());
    expect(upstream.requests[0]).toMatchObject({
      path: '/v1/responses',
      body: { temperature: 1, model: 'm' },
    });
  });
});
