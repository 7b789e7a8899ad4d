import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject, Model } from '../../src/protocol/index.js';
import type { Notice } from '../../src/transport/index.js';
import { testCall } from '../support/call.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { createModel } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

const AZURE_NAMES = ['openai_base_url', 'openai_api_key', 'openai_model'];

const notices: Notice[] = [];

async function ask(
  capability: JsonObject | string,
  request: JsonObject,
): Promise<Provider['requests'][number]> {
  notices.length = 0;
  const upstream = await startProvider();
  const model: Model = await createModel(
    'inference_provider',
    { base_url: upstream.baseUrl, api_key: 'sk-capability', model: 'm', capability },
    { notify: (notice) => notices.push(notice) },
  );
  open.push(upstream, model);
  await model.respond({ input: [{ role: 'user', content: 'x' }], ...request }, testCall());
  return upstream.requests[0]!;
}

describe('capability records', () => {
  it('are overridden from YAML: header, dropped and renamed parameters, roles', async () => {
    const sent = await ask(
      {
        auth_header: 'x-api-key',
        auth_template: 'Token {key}',
        max_tokens_field: 'max_completion_tokens',
        drop: ['top_p'],
        developer_role: false,
      },
      {
        input: [
          { role: 'developer', content: 'be brief' },
          { role: 'user', content: 'x' },
        ],
        max_output_tokens: 64,
        top_p: 0.5,
      },
    );
    expect(sent.headers['x-api-key']).toBe('Token sk-capability');
    expect(sent.headers.authorization).toBeUndefined();
    expect(sent.body).toEqual({
      model: 'm',
      max_completion_tokens: 64,
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'x' },
      ],
    });
  });

  it('are taken by name', async () => {
    const sent = await ask('anthropic', {});
    expect(sent.headers).toMatchObject({ 'x-api-key': 'sk-capability', 'anthropic-version': '2023-06-01' });
  });

  it.each([
    ['vllm_model', { return_token_id_information: false, uses_reasoning_parser: true }],
    [
      'vllm_model',
      { return_token_id_information: false, uses_reasoning_parser: true, is_responses_native: true },
    ],
    ['azure_openai_model', { default_query: { 'api-version': '1' }, num_concurrent_requests: 2 }],
    ['openai_model', {}],
    ['litellm_model', {}],
  ])('carry the key of %s %j', async (type, more) => {
    const upstream = await startProvider();
    open.push(upstream);
    const names = type === 'vllm_model' ? ['base_url', 'api_key', 'model'] : AZURE_NAMES;
    const values = [upstream.baseUrl, 'sk-capability', 'm'];
    const model = await createModel(type, {
      ...Object.fromEntries(names.map((key, index) => [key, values[index]!])),
      capability: { auth_header: 'X-Key', auth_template: 'Token {key}' },
      ...more,
    });
    open.push(model);
    // The provider does not serve every route; what it was sent is what counts.
    await model.respond({ input: [{ role: 'user', content: 'x' }] }, testCall()).catch(() => undefined);
    const { headers } = upstream.requests[0]!;
    expect(headers['x-key']).toBe('Token sk-capability');
    expect(headers.authorization).toBeUndefined();
    expect(headers['api-key']).toBeUndefined();
  });

  it('reach the upstream through the gateway too', async () => {
    const upstream = await startProvider();
    const model = await createModel('inference_provider', {
      base_url: upstream.baseUrl,
      api_key: 'sk-capability',
      model: 'm',
      capability: { auth_header: 'x-api-key', auth_template: '{key}', drop: ['top_p'] },
    });
    open.push(upstream, model);
    await model.exchange!('responses', { model: 'm', input: 'x', top_p: 0.5 }, testCall());
    expect(upstream.requests[0]!.headers['x-api-key']).toBe('sk-capability');
    expect(upstream.requests[0]!.body).not.toHaveProperty('top_p');
  });

  it('names the block of a LiteLLM proxy as it is written', async () => {
    const config = { openai_base_url: 'http://h/v1', openai_api_key: 'k', openai_model: 'm' };
    const made = createModel('litellm_model', { ...config, capability: { developr_role: false } });
    await expect(made).rejects.toThrow('policy_model.responses_api_models.litellm_model');
  });

  it('tell once what was left out', async () => {
    await ask({ drop: ['top_p'] }, { top_p: 0.5 });
    expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining('top_p')]);
  });

  it.each([
    [{ developr_role: false }, 'Did you mean "developer_role"?'],
    [{ tool_choice: 'some' }, 'capability.tool_choice: capability "tool_choice" cannot be "some"'],
    [{ name: 'antropic' }, 'Did you mean "anthropic"?'],
    [{ name: 5 }, 'there is no capability record "5"'],
  ])('refuse %j in one message', async (capability, words) => {
    await expect(ask(capability, {})).rejects.toThrow(words);
  });
});
