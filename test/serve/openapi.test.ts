import { afterEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { loadEnvironment } from '../../src/environments/index.js';
import { startAgentServer } from '../../src/serve/agent/index.js';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { startHeadServer } from '../../src/serve/head/index.js';
import { startModelServer } from '../../src/serve/model/index.js';
import { systemClock } from '../../src/transport/index.js';
import { modelFor } from './model-support.js';
import { Cleanup, context, counter, get, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const here = { host: '127.0.0.1', port: 0 };
const COMMON = ['/', '/health'];

async function servers() {
  const { environment } = counter();
  const definition = (await loadEnvironment('blackjack'))!;
  const turns = definition.create('blackjack', {}, { clock: systemClock, random: () => 0.5 });
  const model = await modelFor('chat', 'http://127.0.0.1:9/v1', { max_attempts: 1 });
  cleanup.after(() => model.close());
  const agent = AGENT_TYPES['simple_agent']!.create('player', {}, { clock: systemClock });
  const started = {
    head: await startHeadServer({ ...here, configYaml: () => '', instances: () => [] }, context()),
    environment: await startEnvironmentServer({ environment, ...here }, context()),
    turns: await startEnvironmentServer({ environment: turns, ...here }, context()),
    agent: await startAgentServer({ agent, model, environment, ...here }, context()),
    model: await startModelServer({ model, ...here }, context()),
  };
  for (const server of Object.values(started)) cleanup.add(server);
  return started;
}

interface Operation {
  summary: string;
  operationId: string;
  responses: Record<string, { content: Record<string, { schema: unknown }> }>;
}

const ROUTES = {
  head: ['/global_config_dict_yaml', '/server_instances'],
  environment: ['/seed_session', '/verify', '/reverify_mode', '/aggregate_metrics', '/{tool}', '/close'],
  turns: ['/reset', '/step', '/aggregate_metrics', '/{tool}', '/close'],
  agent: ['/run', '/v1/responses', '/aggregate_metrics'],
  model: [
    '/v1/responses',
    '/v1/chat/completions',
    '/v1/messages',
    '/v1/models',
    '/v1/models/{model}',
    '/v1/messages/count_tokens',
    '/v1/responses/input_tokens',
  ],
};

describe('OpenAPI descriptions', () => {
  it('name every route of each server, and each of them is there', async () => {
    for (const [kind, server] of Object.entries(await servers())) {
      const { body } = await get(`${server.url}/openapi.json`);
      expect(body.openapi).toBe('3.1.0');
      expect(Object.keys(body.paths).sort()).toEqual(
        [...COMMON, ...ROUTES[kind as keyof typeof ROUTES]].sort(),
      );
      const ids = new Set<string>();
      for (const [path, operations] of Object.entries(
        body.paths as Record<string, Record<string, Operation>>,
      )) {
        for (const [method, operation] of Object.entries(operations)) {
          expect(operation.summary.length).toBeGreaterThan(3);
          expect(ids.has(operation.operationId)).toBe(false);
          ids.add(operation.operationId);
          const content = operation.responses['200']!.content;
          expect(content['application/json']!.schema).toBeDefined();
          const url = server.url + path.replace('{tool}', 'add').replace('{model}', 'configured');
          const { status } = method === 'get' ? await get(url) : await post(url, '[]');
          expect([404, 405], `${kind} ${path}`).not.toContain(path === '/{tool}' ? 200 : status);
        }
      }
    }
  });

  it('says which routes stream', async () => {
    const { model } = await servers();
    const { body } = await get(`${model.url}/openapi.json`);
    expect(body.paths['/v1/messages'].post.responses['200'].content).toHaveProperty('text/event-stream');
    expect(body.paths['/v1/models'].get.responses['200'].content).not.toHaveProperty('text/event-stream');
  });

  it('are what docs/serving.md lists', () => {
    const text = readFileSync(new URL('../../docs/serving.md', import.meta.url), 'utf8');
    const named = Object.values(ROUTES).flat();
    for (const route of named) expect(text).toContain(route.replace(/\{(\w+)\}/, '<$1>'));
  });
});
