import { describe, expect, it } from 'vitest';
import { MODEL_TYPES, remoteModel } from '../../src/models/index.js';
import type { JsonObject } from '../../src/protocol/index.js';

/** Keys of each type that a run may be resumed with other values of; any other key makes another run. */
const ADDRESS = ['base_url', 'api_key', 'num_concurrent_requests'];
/** Other words for keys of these types: they stand under the first name, `model` too. */
const ALIASES = ['base_url', 'api_key', 'model'];
const OPENAI = [
  ...['openai_base_url', 'openai_api_key', 'openai_default_headers', 'max_concurrent_requests'],
  ...ALIASES,
];
const AZURE = ['openai_base_url', 'openai_api_key', 'num_concurrent_requests', ...ALIASES];
const TYPES: Record<string, string[]> = {
  azure_openai_model: AZURE,
  inference_provider: ADDRESS,
  litellm_model: OPENAI,
  openai_model: OPENAI,
  vllm_model: [...ADDRESS, 'default_headers'],
};
const EVERYWHERE = [
  ...['entrypoint', 'host', 'port', 'num_workers'],
  ...['domain', 'verified', 'description', 'value', 'license', 'datasets'],
  ...['connect_timeout_seconds', 'first_byte_timeout_seconds', 'first_token_timeout_seconds'],
  ...['idle_timeout_seconds', 'request_timeout_seconds', 'max_attempts', 'max_reply_bytes'],
  'adaptive_concurrency',
];

describe('what of a model’s block does not bear on its replies', () => {
  it.each(Object.keys(MODEL_TYPES))('is declared beside the schema: %s', async (name) => {
    const type = await MODEL_TYPES[name]!();
    const block = Object.fromEntries(
      [...type.knownKeys, ...EVERYWHERE].filter((key) => key !== 'fallbacks').map((key) => [key, 'x']),
    );
    const kept = Object.keys(await type.identity(block));
    const left = Object.keys(block).filter((key) => !kept.includes(key));
    // A provider of the platform is an address, too; a virtual model is a model.
    expect(left.filter((key) => !EVERYWHERE.includes(key)).sort()).toEqual(
      [...TYPES[name]!, 'provider'].sort(),
    );
    expect(kept).toContain('virtual_model');
    expect(kept).toEqual(expect.arrayContaining(['capability', 'stream_upstream']));
    // An unknown key may mean something to a provider.
    expect(await type.identity({ top_k_penalty: 1 })).toEqual({ top_k_penalty: 1 });
  });

  it('is the same under either name of a key', async () => {
    const type = await MODEL_TYPES['openai_model']!();
    const block = { base_url: 'http://a', api_key: 'k', model: 'm', extra_body: { a: 1 } };
    expect(await type.identity(block)).toEqual({ openai_model: 'm', extra_body: { a: 1 } });
  });

  it('is left out of fallbacks too, each by its own type', async () => {
    const type = await MODEL_TYPES['inference_provider']!();
    const fallbacks: JsonObject[] = [
      { base_url: 'http://b/v1', api_key: 'k', model: 'b' },
      {
        openai_model: {
          openai_base_url: 'http://c',
          openai_api_key: 'k',
          openai_model: 'c',
          max_attempts: 2,
        },
      },
    ];
    expect(await type.identity({ base_url: 'http://a', model: 'a', fallbacks })).toEqual({
      model: 'a',
      fallbacks: [{ model: 'b' }, { openai_model: { openai_model: 'c' } }],
    });
    expect(await type.identity({ model: 'a', fallbacks: 'wrong' })).toEqual({
      model: 'a',
      fallbacks: 'wrong',
    });
  });

  it('of a model elsewhere is where it is', async () => {
    const type = await remoteModel();
    const block = { base_url: 'http://a', server_token: 't', max_attempts: 3, model: 'm', temperature: 1 };
    expect(await type.identity(block)).toEqual({ model: 'm', temperature: 1 });
  });
});
