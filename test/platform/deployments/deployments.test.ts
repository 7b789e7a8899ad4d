import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { externalExecutor } from '../../../src/platform/deployments/executors/external.js';
import { processExecutor } from '../../../src/platform/deployments/executors/process.js';
import type { PlatformOptions } from '../../../src/platform/index.js';
import { DatabaseGone, openDatabase, type Database, type Queries } from '../../../src/store/index.js';
import { randomBytes } from 'node:crypto';
import { GATEWAY, masterKeyFor, MODELS, SECRETS, testPlatform, type TestPlatform } from '../support.js';
import { answers, NODE, patiently, SERVER } from './support.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'ngym-deployments-'));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function start(more: Partial<PlatformOptions> = {}, place: string = folder()): Promise<TestPlatform> {
  const platform = await testPlatform({
    executors: ({ clock, forbids }) => [
      processExecutor({
        clock,
        allowed: [NODE],
        folder: place,
        env: process.env,
        restart: { firstMs: 10, mostMs: 20, most: 2 },
        graceMs: 300,
      }),
      externalExecutor({ clock, forbids, times: { comingMs: 15, readyMs: 15 } }),
    ],
    ...more,
  });
  undo.push(() => platform.end());
  return platform;
}

function configOf(
  words: readonly string[],
  more: Record<string, unknown> = {},
  run: Record<string, unknown> = {},
): object {
  return {
    engine: 'generic',
    model_spec: {},
    executor_config: {
      gpu: 0,
      health_check_path: '/health',
      override_config: { process: { command: [NODE, SERVER, ...words] }, ...more },
      ...run,
    },
  };
}

/** Makes a config and a deployment of the same name. */
async function deploy(platform: TestPlatform, name: string, config: object): Promise<void> {
  const made = await platform.ask('POST', `${MODELS}/deployment-configs`, { name, ...config });
  expect(made.status, made.text).toBe(201);
  const deployed = await platform.ask('POST', `${MODELS}/deployments`, { name, config: name });
  expect([deployed.status, deployed.body.status], deployed.text).toEqual([201, 'CREATED']);
}

async function show(platform: TestPlatform, name: string) {
  return (await platform.ask('GET', `${MODELS}/deployments/${name}`)).body;
}

async function reach(platform: TestPlatform, name: string, status: string, version?: number) {
  const held = async (): Promise<boolean> => {
    const seen = await show(platform, name);
    return seen.status === status && (version === undefined || seen.entity_version === version);
  };
  await patiently(held).catch(async () => {
    throw new Error(`never ${status}: ${JSON.stringify(await show(platform, name))}`);
  });

  return await show(platform, name);
}

async function hostOf(platform: TestPlatform, name: string): Promise<string> {
  return (await platform.ask('GET', `${MODELS}/providers/${name}`)).body.host_url as string;
}

const chat = (platform: TestPlatform, model: string) =>
  platform.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, {
    model,
    messages: [{ role: 'user', content: 'x' }],
  });

describe('a deployment', () => {
  it('comes up, makes its provider and its models, serves, and goes with all of it', async () => {
    const platform = await start();
    await deploy(platform, 'dep', configOf(['--model', 'meta/Tiny-1.0']));
    const ready = await reach(platform, 'dep', 'READY');
    expect(ready.model_provider_id).toBe('default/dep');
    const history = ready.status_history as { timestamp: string; status: string }[];
    expect(history.map(({ status }) => status)).toEqual(['CREATED', 'PENDING', 'READY']);
    expect(history.every(({ timestamp }) => /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/.test(timestamp))).toBe(true);
    await patiently(async () => (await chat(platform, 'meta-tiny-1-0')).status === 200);
    const { body } = await platform.ask('GET', `${MODELS}/deployments/dep/models`);
    expect(body).toMatchObject({ workspace: 'default', name: 'dep', models: [{ name: 'meta-tiny-1-0' }] });
    const provider = (await platform.ask('GET', `${MODELS}/providers/dep`)).body;
    expect(provider).toMatchObject({ status: 'READY', model_deployment_id: 'default/dep' });
    const { lines } = (await platform.ask('GET', `${MODELS}/deployments/dep/logs?tail=1`)).body;
    expect(lines).toEqual(['listening']);

    const used = await platform.ask('DELETE', `${MODELS}/deployment-configs/dep`);
    expect([used.status, used.body.detail]).toEqual([
      409,
      expect.stringContaining('1 ModelDeployment(s) still reference it'),
    ]);
    const gone = await platform.ask('DELETE', `${MODELS}/deployments/dep`);
    expect([gone.status, gone.body]).toEqual([202, null]);
    await reach(platform, 'dep', 'DELETED');
    expect(await answers(provider.host_url as string)).toBe(false);
    expect((await platform.ask('GET', `${MODELS}/providers/dep`)).status).toBe(404);
    await patiently(async () => (await chat(platform, 'meta-tiny-1-0')).status === 404);
    // Once more, and it is forgotten.
    expect((await platform.ask('DELETE', `${MODELS}/deployments/dep`)).status).toBe(204);
    expect((await platform.ask('DELETE', `${MODELS}/deployment-configs/dep`)).status).toBe(204);
  });

  it('of another version takes the place of the one before, and a config that changes changes no deployment', async () => {
    const platform = await start();
    await deploy(platform, 'dep', configOf(['--model', 'one']));
    await reach(platform, 'dep', 'READY');
    const first = await hostOf(platform, 'dep');
    const second = await platform.ask(
      'POST',
      `${MODELS}/deployment-configs/dep`,
      configOf(['--model', 'two']),
    );
    expect([second.status, second.body.entity_version]).toEqual([201, 2]);
    expect((await show(platform, 'dep')).config_version).toBe(1);
    const updated = await platform.ask('POST', `${MODELS}/deployments/dep`, { config: 'dep' });
    expect(updated.body).toMatchObject({ entity_version: 2, config_version: 2, status: 'PENDING' });
    await reach(platform, 'dep', 'READY', 2);
    await patiently(async () => (await chat(platform, 'two')).status === 200);
    expect(await answers(first)).toBe(false);
    const versions = (await platform.ask('GET', `${MODELS}/deployments/dep/versions`)).body as {
      status: string;
    }[];
    expect(versions.map(({ status }) => status)).toEqual(['READY', 'DELETED']);
    const listed = await platform.ask('GET', `${MODELS}/deployments`);
    expect(listed.body.pagination.total_results).toBe(1);
  });

  it('is not routed to while it starts again after a crash, and is told of when it is given up', async () => {
    const platform = await start();
    const mark = path.join(folder(), 'lived');
    await deploy(platform, 'dep', configOf(['--model', 'one', '--once', mark]));
    await reach(platform, 'dep', 'READY');
    await patiently(async () => (await chat(platform, 'one')).status === 200);
    await platform.ask('GET', `${GATEWAY}/provider/dep/-/die`);
    const { status_message: message, status_history: history } = await reach(platform, 'dep', 'ERROR');
    expect(message).toMatch(/ended 3 times in a row \(exit code 5/);
    expect((history as { status: string }[]).map(({ status }) => status)).toEqual(
      expect.arrayContaining(['READY', 'PENDING', 'ERROR']),
    );
    expect((await platform.ask('GET', `${GATEWAY}/provider/dep/ready`)).status).toBe(404);
    // Somebody has mended it.
    rmSync(mark);
    await platform.ask('POST', `${MODELS}/deployments/dep/status`, { status: 'CREATED' });
    await reach(platform, 'dep', 'READY');
    await patiently(async () => (await chat(platform, 'one')).status === 200);
    expect(existsSync(mark)).toBe(true);
  });

  it('is told of when it does not come up, may not run, or lacks something', async () => {
    const platform = await start();
    const grace = { k8s_nim_operator_config: { startup_probe_grace_seconds: 1 } };
    await deploy(platform, 'never', configOf(['--never'], {}, grace));
    await deploy(
      platform,
      'forbidden',
      configOf([], { process: { command: ['/bin/sh', '-c', 'touch /x'] } }),
    );
    await deploy(platform, 'secret', configOf([], { secret_envs: { HF_TOKEN: 'nope' } }));
    await deploy(platform, 'docker', {
      engine: 'nim',
      model_spec: {},
      executor_config: { gpu: 1, image_name: 'i' },
    });
    expect((await reach(platform, 'secret', 'ERROR')).status_message).toBe(
      "Secret 'nope' not found in workspace 'default'",
    );
    expect((await reach(platform, 'forbidden', 'PENDING')).status_message).toContain(
      "may not start '/bin/sh'",
    );
    expect((await reach(platform, 'docker', 'PENDING')).status_message).toContain(
      'does not say which program',
    );
    expect((await reach(platform, 'never', 'ERROR')).status_message).toMatch(/did not get ready within 1 s/);
  });

  it('is routed to whatever hosts providers may have; nobody else gets to this machine by its name', async () => {
    const platform = await start({ allowedHosts: ['example.com'] });
    await deploy(platform, 'dep', configOf(['--model', 'one']));
    await reach(platform, 'dep', 'READY');
    await patiently(async () => (await chat(platform, 'one')).status === 200);
    const host = new URL(await hostOf(platform, 'dep'));
    for (const [name, port] of [
      ['same', host.port],
      ['other', '9'],
    ] as const) {
      const fake = { name, host_url: `http://127.0.0.1:${port}/v1`, model_deployment_id: 'default/dep' };
      await platform.ask('POST', `${MODELS}/providers`, fake);
      const asked = await platform.ask('GET', `${GATEWAY}/provider/${name}/-/env`);
      expect([asked.status, asked.body.detail]).toEqual([
        502,
        expect.stringContaining('does not ask 127.0.0.1'),
      ]);
    }
  });

  it('ends with its workspace', async () => {
    const platform = await start();
    await platform.ask('POST', '/apis/entities/v2/workspaces', { name: 'other' });
    const at = MODELS.replace('default', 'other');
    await platform.ask('POST', `${at}/deployment-configs`, { name: 'dep', ...configOf([]) });
    await platform.ask('POST', `${at}/deployments`, { name: 'dep', config: 'dep' });
    const provider = async () =>
      (await platform.ask('GET', `${at}/providers/dep`)).body as { host_url?: string };
    await patiently(async () => (await provider()).host_url !== undefined);
    const { host_url: host = '' } = await provider();
    expect(await answers(host)).toBe(true);
    await platform.ask('DELETE', '/apis/entities/v2/workspaces/other');
    await patiently(async () => !(await answers(host)));
    expect((await provider()).host_url).toBeUndefined();
  });

  it('gets secrets by its environment, and they are nowhere in what is told of it', async () => {
    const platform = await start();
    await platform.ask('POST', SECRETS, { name: 'hf', value: 'hf-0123456789abcdef' });
    await deploy(platform, 'dep', configOf(['--model', 'one'], { secret_envs: { TOKEN: 'hf' } }));
    await reach(platform, 'dep', 'READY');
    const env = JSON.parse((await platform.ask('GET', `${GATEWAY}/provider/dep/-/env`)).text) as {
      TOKEN: string;
    };
    expect(env.TOKEN).toBe('hf-0123456789abcdef');
    const told = await Promise.all(
      ['deployments/dep', 'deployments/dep/logs', 'deployment-configs/dep', 'providers/dep'].map((at) =>
        platform.ask('GET', `${MODELS}/${at}`),
      ),
    );
    expect(told.map(({ text }) => text).join()).not.toContain('hf-0123');
  });

  it('can be deleted while it is pending', async () => {
    const platform = await start();
    await deploy(platform, 'dep', configOf(['--never']));
    await patiently(
      async () =>
        ((await platform.ask('GET', `${MODELS}/deployments/dep/logs`)).body.lines as string[]).length > 0,
    );
    await platform.ask('DELETE', `${MODELS}/deployments/dep`);
    const conflict = await platform.ask('POST', `${MODELS}/deployments/dep/status`, { status: 'READY' });
    expect(conflict.status).toBe(409);
    await reach(platform, 'dep', 'DELETED');
  });

  it('leaves a provider of the same name alone', async () => {
    const platform = await start();
    await platform.ask('POST', `${MODELS}/providers`, { name: 'dep', host_url: 'http://127.0.0.1:9/v1' });
    await deploy(platform, 'dep', configOf([]));
    expect((await reach(platform, 'dep', 'ERROR')).status_message).toContain(
      "The provider 'default/dep' is somebody else's",
    );
    await platform.ask('DELETE', `${MODELS}/deployments/dep`);
    await reach(platform, 'dep', 'DELETED');
    expect(await hostOf(platform, 'dep')).toBe('http://127.0.0.1:9/v1');
  });

  it('can be a server that runs already, and adapters that it lists are routed to', async () => {
    const platform = await start();
    await deploy(platform, 'base', configOf(['--model', 'llama', '--adapters', 'default--math,loose']));
    await reach(platform, 'base', 'READY');
    const host = await hostOf(platform, 'base');
    const external = {
      gpu: 0,
      health_check_path: '/health',
      override_config: { external: { host_url: host } },
    };
    await deploy(platform, 'ext', { engine: 'generic', model_spec: {}, executor_config: external });
    await reach(platform, 'ext', 'READY');
    expect(await hostOf(platform, 'ext')).toBe(host);
    await patiently(async () => (await chat(platform, 'llama&adapters/default/math')).status === 200);
    const answer = await chat(platform, 'default/llama&adapters/default/math');
    expect(answer.body.choices[0].message.content).toMatch(/^default--math by/);
    const served = (await platform.ask('GET', `${MODELS}/providers/base`)).body.served_models;
    expect(served).toEqual([
      { model_entity_id: 'default/llama', served_model_name: 'llama' },
      { model_entity_id: 'default/llama&adapters/default/math', served_model_name: 'default--math' },
      { model_entity_id: 'default/llama&adapters/default/loose', served_model_name: 'loose' },
    ]);
  });

  it('is refused where the platform has none', async () => {
    const platform = await testPlatform();
    undo.push(() => platform.end());
    const config = await platform.ask('POST', `${MODELS}/deployment-configs`, {
      name: 'dep',
      ...configOf([]),
    });
    expect(config.status).toBe(201);
    const made = await platform.ask('POST', `${MODELS}/deployments`, { name: 'dep', config: 'dep' });
    expect([made.status, made.body.detail]).toEqual([
      422,
      expect.stringContaining('Deployments are not enabled'),
    ]);
  });
});

describe('a restart of the platform', () => {
  it('finds its deployments again; none is shown as ready before it is', async () => {
    const place = folder();
    const database = await openDatabase(path.join(place, 'p.db'));
    undo.push(() => database.close());
    const masterKeys = [masterKeyFor(randomBytes(32))];
    const first = await start({ database, masterKeys }, place);
    await deploy(first, 'dep', configOf(['--model', 'one']));
    await reach(first, 'dep', 'READY');
    const host = await hostOf(first, 'dep');
    await first.close(0);
    expect(await answers(host)).toBe(false);
    expect(await database.all("select name from entities where kind = 'model-deployment'")).toHaveLength(1);
    const second = await start({ database, masterKeys }, place);
    const early = await show(second, 'dep');
    expect(['PENDING', 'READY']).toContain(early.status);
    const { status_history: history } = await reach(second, 'dep', 'READY');
    expect((history as { status_message: string }[]).map((each) => each.status_message)).toContain(
      'Starting again, after a restart of the platform',
    );
    await patiently(async () => (await chat(second, 'one')).status === 200);
  });

  it('writes what happened while the database was away', async () => {
    const database = await openDatabase(':memory:');
    undo.push(() => database.close());
    let away = false;
    const flaky: Database = Object.assign(Object.create(database) as Database, {
      transaction: <T>(work: (queries: Queries) => Promise<T>): Promise<T> =>
        away ? Promise.reject(new DatabaseGone('away')) : database.transaction(work),
    });
    const platform = await start({ database: flaky });
    await deploy(platform, 'dep', configOf(['--once', path.join(folder(), 'lived')]));
    await reach(platform, 'dep', 'READY');
    away = true;
    await platform.ask('GET', `${GATEWAY}/provider/dep/-/die`);
    const lines = async (): Promise<string> =>
      ((await platform.ask('GET', `${MODELS}/deployments/dep/logs`)).body.lines as string[]).join('\n');
    // It has lived three times, and is given up; nobody could be told.
    await patiently(async () => (await lines()).split(' start: ').length === 4);
    expect((await show(platform, 'dep')).status).toBe('READY');
    away = false;
    expect((await reach(platform, 'dep', 'ERROR')).status_message).toContain('ended 3 times in a row');
    await deploy(platform, 'other', configOf(['--model', 'two']));
    await reach(platform, 'other', 'READY');
  });
});
