import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { processExecutor } from '../../../src/platform/deployments/executors/process.js';
import { GATEWAY, MODELS, testPlatform } from '../support.js';
import { patiently } from './support.js';
import { writeTinyModel } from './tiny-gguf.js';

const missing =
  spawnSync('llama-server', ['--version']).status === 0
    ? ''
    : ': llama-server is not installed (Debian: llama.cpp)';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe.skipIf(missing !== '')(`llama.cpp’s server, deployed${missing}`, () => {
  it('loads a model, is found, answers and streams through the gateway, and ends', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ngym-llama-'));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const model = path.join(folder, 'tiny.gguf');
    writeTinyModel(model);
    const platform = await testPlatform({
      executors: ({ clock }) => [
        processExecutor({ clock, allowed: ['llama-server'], folder, env: process.env }),
      ],
    });
    undo.push(() => platform.end());
    const made = await platform.ask('POST', `${MODELS}/deployment-configs`, {
      name: 'tiny',
      engine: 'generic',
      model_spec: { model_namespace: 'test', model_name: 'tiny' },
      executor_config: {
        gpu: 0,
        image_name: 'llama-server',
        health_check_path: '/health',
        additional_args: ['--model', model, '--ctx-size', '256', '--threads', '1', '--no-warmup'],
      },
    });
    expect(made.status, made.text).toBe(201);
    await platform.ask('POST', `${MODELS}/deployments`, { name: 'tiny', config: 'tiny' });
    const show = async () =>
      (await platform.ask('GET', `${MODELS}/deployments/tiny`)).body as Record<string, unknown>;
    await patiently(async () => !['CREATED', 'PENDING'].includes((await show())['status'] as string)).catch(
      () => undefined,
    );
    expect(await show()).toMatchObject({ status: 'READY', model_provider_id: 'default/tiny' });
    const ask = (stream: boolean) =>
      platform.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, {
        model: 'test-tiny',
        messages: [{ role: 'user', content: 'hello' }],
        max_tokens: 4,
        stream,
      });
    await patiently(async () => (await ask(false)).status === 200);
    const { body } = await ask(false);
    expect(body.model).toBe('default/test-tiny');
    expect(body.usage.completion_tokens).toBeGreaterThan(0);
    const streamed = await ask(true);
    expect(streamed.text).toMatch(/^data: \{[\s\S]*data: \[DONE\]/);
    const { lines } = (await platform.ask('GET', `${MODELS}/deployments/tiny/logs?tail=500`)).body;
    expect((lines as string[]).join('\n')).toContain('--alias test/tiny');
    await platform.ask('DELETE', `${MODELS}/deployments/tiny`);
    await patiently(async () => (await show())['status'] === 'DELETED');
  });
});
