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

  it('tell once what was left out', async () => {
    await ask({ drop: ['top_p'] }, { top_p: 0.5 });
    expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining('top_p')]);
  });

  it.each([
    [{ developr_role: false }, 'Did you mean "developer_role"?'],
    [{ tool_choice: 'some' }, 'capability.tool_choice: capability "tool_choice" cannot be "some"'],
    [{ name: 'antropic' }, 'Did you mean "anthropic"?'],
  ])('refuse %j in one message', async (capability, words) => {
    await expect(ask(capability, {})).rejects.toThrow(words);
  });
});
