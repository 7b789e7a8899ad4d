import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import type { CollectOptions, RunEvent, RunSummary } from '../../src/rollouts/index.js';
import { collectRollouts } from '../../src/rollouts/index.js';
import { serve, type Served } from '../../src/serve/index.js';
import { mcqaRows, Workspace } from '../rollouts/workspace.js';
import { Engine, freePort } from '../support/engine.js';
import { until } from '../support/until.js';
import { Cleanup } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const MCQA = 'resources_servers/mcqa/configs/mcqa.yaml';
const PROVIDER = 'responses_api_models/inference_provider/configs/inference_provider.yaml';

async function engine(...options: string[]): Promise<Engine> {
  const made = await Engine.reserve(...options);
  cleanup.after(() => made.kill());
  return made;
}

function workspace(rows: number): Workspace {
  const space = new Workspace();
  space.writeRows('in.jsonl', mcqaRows(rows));
  cleanup.after(() => space.remove());
  return space;
}

async function served(space: Workspace, upstream: string, ...more: string[]): Promise<Served> {
  const resolved = await loadConfig({
    cwd: space.dir,
    env: {},
    overrides: [
      `+config_paths=[${MCQA},${PROVIDER}]`,
      '++head_server.port=0',
      `+policy_base_url=${upstream}`,
      '+policy_api_key=test-key-0123456789',
      '+policy_model_name=fake-model',
      ...more,
    ],
  });
  return serve(resolved);
}

async function collect(
  space: Workspace,
  overrides: string[],
  options: Partial<CollectOptions> = {},
): Promise<RunSummary> {
  const resolved = await loadConfig({
    cwd: space.dir,
    env: {},
    overrides: [
      '+preflight=false',
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=in.jsonl',
      '+output_jsonl_fpath=out/r.jsonl',
      ...overrides,
    ],
  });
  space.events.length = 0;
  return collectRollouts(resolved, {
    cwd: space.dir,
    env: {},
    ...space.watching(),
    ...options,
  });
}

const waitingFor = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'waiting' ? [event.waiting.name] : []));

const urlOf = (server: Served, name: string): string =>
  server.instances.find(({ process_name }) => process_name === name)!.url;

describe('a served model whose provider is down', () => {
  it('tells its clients when to come back, soon and in each dialect', async () => {
    const upstream = await engine();
    const server = await served(workspace(1), upstream.baseUrl);
    cleanup.after(() => server.close(0));
    const url = urlOf(server, 'policy_model');
    for (const [route, body] of [
      ['/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'hi' }] }],
      ['/v1/responses', { model: 'm', input: 'hi' }],
      ['/v1/messages', { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }],
    ] as const) {
      const reply = await fetch(url + route, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(reply.status).toBe(503);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      const text = await reply.text();
      expect(text).toContain('the provider of policy_model cannot be reached');
      expect(text).not.toContain(new URL(upstream.baseUrl).host);
    }
  });

  it('is an outage to whoever collects through it, and costs no rollout', async () => {
    const upstream = await engine('--latency', '20-60');
    await upstream.start();
    const space = workspace(150);
    const server = await served(space, upstream.baseUrl);
    cleanup.after(() => server.close(0));
    space.write(
      'far.yaml',
      `policy_model:\n  responses_api_models:\n    served:\n      entrypoint: app.py\n      base_url: ${urlOf(server, 'policy_model')}\n`,
    );
    const running = collect(space, [
      `+config_paths=[${MCQA},${path.join(space.dir, 'far.yaml')}]`,
      '+num_samples_in_parallel=8',
    ]);
    await until(() => space.scored >= 15, running);
    await upstream.kill();
    await until(() => waitingFor(space.events).length > 0, running);
    await upstream.start();
    expect(await running).toMatchObject({ status: 'complete', balance: { scored: 150, failed: 0 } });
    expect(waitingFor(space.events)).toEqual(['policy_model']);
  });
});

describe('an environment server that goes away', () => {
  it('stops dispatch; only episodes whose session it had are lost, and those are played again', async () => {
    const upstream = await engine('--latency', '40-80');
    await upstream.start();
    const space = workspace(150);
    const port = await freePort();
    const place = `++mcqa.resources_servers.mcqa.port=${port}`;
    const first = await served(space, upstream.baseUrl, place);
    let server: Served | undefined = first;
    cleanup.after(async () => server?.close(0));
    const args = [
      `+config_paths=[${MCQA},${PROVIDER}]`,
      `+policy_base_url=${upstream.baseUrl}`,
      '+policy_api_key=test-key-0123456789',
      '+policy_model_name=fake-model',
      `++mcqa.resources_servers.mcqa.base_url=http://127.0.0.1:${port}`,
      '+num_samples_in_parallel=6',
    ];
    const running = collect(space, args);
    await until(() => space.scored >= 15, running);
    await first.close(0);
    server = undefined;
    await until(() => waitingFor(space.events).length > 0, running);
    expect(waitingFor(space.events)).toEqual(['mcqa']);
    await sleep(1_500);
    const before = space.scored;
    server = await served(space, upstream.baseUrl, place);
    const summary = await running;
    expect(summary.balance.scored).toBeGreaterThan(before);
    // Whoever was in flight had a session there, or a call under way.
    expect(summary.balance.failed).toBeLessThanOrEqual(6);
    for (const kind of Object.keys(summary.agents[0]!.failures)) {
      expect(['connection_reset', 'ambiguous_delivery']).toContain(kind);
    }
    expect(await collect(space, args)).toMatchObject({ status: 'complete', balance: { scored: 150 } });
  });
});
