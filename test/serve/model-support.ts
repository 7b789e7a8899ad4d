import type { Model } from '../../src/protocol/index.js';
import { MODEL_TYPES } from '../../src/models/index.js';
import { startModelServer } from '../../src/serve/model/index.js';
import { createRedactor, systemClock, type Step } from '../../src/transport/index.js';
import { startProvider, type Provider, type ProviderOptions } from '../support/provider/provider.mjs';
import { context, type Cleanup } from './support.js';
import type { ServerContext } from '../../src/serve/server.js';

/** What the provider behind a model server speaks. */
export type Upstream = 'chat' | 'responses';

export const UPSTREAMS: readonly Upstream[] = ['chat', 'responses'];

export async function modelFor(
  upstream: Upstream,
  baseUrl: string,
  more: Record<string, unknown> = {},
  tape?: Step,
): Promise<Model> {
  const [type, config] =
    upstream === 'chat'
      ? [
          'inference_provider',
          { base_url: baseUrl, api_key: 'sk-test-0123456789', model: 'configured', ...more },
        ]
      : [
          'openai_model',
          {
            openai_base_url: baseUrl,
            openai_api_key: 'sk-test-0123456789',
            openai_model: 'configured',
            ...more,
          },
        ];
  const modelType = await MODEL_TYPES[type]!();
  return modelType.create('policy_model', config, {
    clock: systemClock,
    random: () => 0,
    redactor: createRedactor(),
    roots: [],
    ...(tape !== undefined && { tape }),
  });
}

export interface ServedModel {
  provider: Provider;
  url: string;
  baseUrl: string;
  connections: () => number;
}

/** A provider that speaks one dialect, and a model server before it. */
export async function serveModel(
  cleanup: Cleanup,
  upstream: Upstream,
  options: ProviderOptions = {},
  more: Record<string, unknown> = {},
  over: Partial<ServerContext> = {},
): Promise<ServedModel> {
  const provider = await startProvider(options);
  cleanup.after(() => provider.close());
  const model = await modelFor(upstream, provider.baseUrl, { max_attempts: 1, ...more });
  cleanup.after(() => model.close());
  const server = cleanup.add(await startModelServer({ model, host: '127.0.0.1', port: 0 }, context(over)));
  return { provider, url: server.url, baseUrl: `${server.url}/v1`, connections: () => server.connections() };
}
