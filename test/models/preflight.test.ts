import { afterEach, describe, expect, it } from 'vitest';
import { NgError } from '../../src/errors/index.js';
import { preflight } from '../../src/models/index.js';
import type { Model } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import type { Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { createModel } from './helpers.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function model(baseUrl: string): Promise<Model> {
  const config = { base_url: baseUrl, api_key: 'the-key-1234', model: 'm-7' };
  const made = await createModel('inference_provider', config, { clock: systemClock });
  open.push(made);
  return made;
}

async function provider(options: ProviderOptions): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

async function refusal(baseUrl: string): Promise<string> {
  const error = await preflight(await model(baseUrl), systemClock).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NgError);
  return String(error);
}

describe('the preflight', () => {
  it('says nothing when the model answers', async () => {
    const upstream = await provider({});
    expect(await preflight(await model(upstream.baseUrl), systemClock)).toEqual([]);
    expect(upstream.requests).toHaveLength(1);
  });

  it('refuses a wrong key, with the provider’s words and without the key', async () => {
    const upstream = await provider({ apiKey: 'another' });
    const text = await refusal(upstream.baseUrl);
    expect(text).toContain('policy_model');
    expect(text).toContain('Incorrect API key provided');
    expect(text).not.toContain('the-key-1234');
  });

  it('refuses a model name that the provider does not know', async () => {
    const upstream = await provider({ models: ['other'] });
    expect(await refusal(upstream.baseUrl)).toContain('The model `m-7` does not exist.');
  });

  it('refuses a dead address at the first attempt', async () => {
    const gone = await startProvider();
    await gone.close();
    const began = performance.now();
    expect(await refusal(gone.baseUrl)).toContain(gone.url);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('only warns of what may pass', async () => {
    const upstream = await provider({ rates: { status_400: 1 } });
    expect(await preflight(await model(upstream.baseUrl), systemClock)).toEqual([
      expect.stringContaining('bad_request'),
    ]);
  });
});
