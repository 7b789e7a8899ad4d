import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig, type LoadOptions, type ResolvedConfig } from '../../src/config/index.js';
import { collectRollouts } from '../../src/rollouts/index.js';
import { discoverHead, serve, serversStatus } from '../../src/serve/index.js';
import { Cleanup, get, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const MCQA =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/embedded.yaml]';
const HEAD = '++head_server.port=0';

async function folder(): Promise<string> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'ngym-serve-'));
  cleanup.after(() => rm(cwd, { recursive: true, force: true }));
  return cwd;
}

async function load(overrides: string[]): Promise<{ resolved: ResolvedConfig; options: LoadOptions }> {
  const options = { overrides, cwd: await folder(), env: {} };
  return { resolved: await loadConfig(options), options };
}

async function serveMcqa(...more: string[]) {
  const { resolved } = await load([MCQA, HEAD, ...more]);
  return cleanup.add(await serve(resolved));
}

function portOf(url: string): string {
  return new URL(url).port;
}

describe('serve', () => {
  it('starts every server of a configuration and publishes it', async () => {
    const served = await serveMcqa();
    expect(served.instances.map(({ process_name }) => process_name)).toEqual([
      'mcqa',
      'mcqa_simple_agent',
      'policy_model',
    ]);
    expect((await get(served.headUrl)).body).toEqual({ status: 'ok' });
    const { body } = await get(`${served.headUrl}/server_instances`);
    expect(body).toEqual(served.instances);
    expect(body[0]).toMatchObject({
      config_path: 'mcqa',
      dir_path: 'resources_servers/mcqa',
      entrypoint: 'app.py',
      host: '127.0.0.1',
      name: 'mcqa',
      server_type: 'resources_servers',
      status: null,
      uptime_seconds: null,
    });
    for (const { url } of served.instances) expect((await get(url)).body).toEqual({ status: 'ok' });
    const yaml = (await get(`${served.headUrl}/global_config_dict_yaml`)).body as string;
    const agent = served.instances[1]!;
    expect(yaml).toContain(`port: ${agent.port}`);
    const run = await post(`${agent.url}/run`, await firstRow());
    expect(run.body).toMatchObject({ reward: expect.any(Number) as number, _ng_run: { turns: 1 } });
  });

  it('frees every port when it is closed, and again when one server cannot start', async () => {
    const served = await serveMcqa();
    await served.close(0);
    await served.close(0);
    await expect(get(served.headUrl)).rejects.toThrow();
    const again = await serveMcqa(`++head_server.port=${portOf(served.headUrl)}`);
    const busy = `++mcqa_simple_agent.responses_api_agents.simple_agent.port=${portOf(again.headUrl)}`;
    await expect(serveMcqa(busy)).rejects.toMatchObject({ code: 'SERVE_CANNOT_LISTEN' });
  });

  it('says in one error which port is busy and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    cleanup.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    await expect(serveMcqa(`++head_server.port=${port}`)).rejects.toMatchObject({
      message: `Server "head_server" cannot listen on 127.0.0.1:${port}: the port is in use by another program.`,
      hint: expect.stringContaining('head_server') as string,
    });
  });

  it('wants a token for addresses that others can reach', async () => {
    await expect(serveMcqa('+default_host=0.0.0.0')).rejects.toMatchObject({ code: 'SERVE_TOKEN_NEEDED' });
    await expect(serveMcqa('+default_host=0.0.0.0', '+server_token=short')).rejects.toMatchObject({
      code: 'SERVE_SETTING_INVALID',
    });
    await expect(serveMcqa('++head_server.host=0.0.0.0')).rejects.toMatchObject({
      code: 'SERVE_TOKEN_NEEDED',
    });
    const token = 'a-token-of-twenty-chars';
    const served = await serveMcqa('+default_host=0.0.0.0', `+server_token=${token}`);
    const { port, url, host } = served.instances[1]!;
    expect(host).not.toBe('0.0.0.0');
    expect(url).toBe(`http://${host!}:${port!}`);
    const local = `http://127.0.0.1:${port!}/run`;
    expect((await post(local, {})).status).toBe(401);
    expect((await post(local, {}, { authorization: `Bearer ${token}` })).status).toBe(422);
    expect((await get(served.headUrl + '/server_instances')).status).toBe(401);
  });

  it('refuses wrong settings and empty configurations', async () => {
    const { resolved } = await load([]);
    await expect(serve(resolved)).rejects.toMatchObject({ code: 'SERVE_NOTHING' });
    await expect(serveMcqa('++head_server.port=x')).rejects.toMatchObject({ code: 'SERVE_SETTING_INVALID' });
    await expect(serveMcqa('+max_request_bytes=-1')).rejects.toMatchObject({ code: 'SERVE_SETTING_INVALID' });
  });

  it('never shows a secret', async () => {
    const secret = 'sk-abcdefghijklmnop';
    const served = await serveMcqa(
      `++policy_model.responses_api_models.inference_provider.api_key=${secret}`,
      '+server_token=another-secret-token',
    );
    const { text } = await get(`${served.headUrl}/global_config_dict_yaml`, {
      authorization: 'Bearer another-secret-token',
    });
    expect(text).toContain('policy_model');
    expect(text).not.toContain(secret);
    expect(text).not.toContain('another-secret-token');
  });
});

describe('preflight', () => {
  it('says which models do not answer, and serves all the same', async () => {
    const good = await serveMcqa();
    expect(await good.preflight()).toEqual([]);
    const block = '++policy_model.responses_api_models.inference_provider';
    const bad = await serveMcqa(`${block}.base_url=http://127.0.0.1:1/v1`, `${block}.max_attempts=1`);
    const problems = await bad.preflight();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('policy_model');
    expect((await get(bad.headUrl)).status).toBe(200);
  });
});

describe('status', () => {
  it('lists what runs and says what does not', async () => {
    const served = await serveMcqa();
    const { resolved } = await load([`++head_server.port=${portOf(served.headUrl)}`]);
    const status = await serversStatus(resolved);
    expect(status).toMatchObject({ headUrl: served.headUrl, error: null, healthy: true });
    expect(status.servers.map((server) => server.status)).toEqual(['success', 'success', 'success']);
    expect(status.servers[0]!.uptime_seconds).toBeGreaterThanOrEqual(0);
    await served.close(0);
    expect(await serversStatus(resolved)).toMatchObject({
      healthy: false,
      servers: [],
      error: expect.stringContaining(served.headUrl) as string,
    });
  });

  it('tells a dead server of a living head', async () => {
    const served = await serveMcqa('++mcqa.resources_servers.mcqa.base_url=http://127.0.0.1:1');
    const { resolved } = await load([`++head_server.port=${portOf(served.headUrl)}`]);
    const status = await serversStatus(resolved);
    expect(status.healthy).toBe(false);
    expect(status.servers.map((server) => server.status)).toEqual(['connection_error', 'success', 'success']);
  });
});

describe('two terminals', () => {
  it('collects from the agents of the head server', async () => {
    const served = await serveMcqa();
    const cwd = await folder();
    const options = {
      cwd,
      env: {},
      overrides: [
        `++head_server.port=${portOf(served.headUrl)}`,
        '+agent_name=mcqa_simple_agent',
        '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
        '+output_jsonl_fpath=results/mcqa_rollouts.jsonl',
      ],
    };
    const resolved = await discoverHead(await loadConfig(options), options);
    const summary = await collectRollouts(resolved, {
      cwd,
      env: {},
      source: 'input',
      signals: { drain: new AbortController().signal, abort: new AbortController().signal },
      reporter: () => undefined,
    });
    expect(summary.balance).toMatchObject({ planned: 5, scored: 5, failed: 0 });
    const rows = (await readFile(path.join(cwd, 'results/mcqa_rollouts.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows[0]).toMatchObject({
      agent_ref: { name: 'mcqa_simple_agent' },
      _ng_run: { stop_reason: 'answered', turns: 1 },
    });
    // Servers that were started anew have other ports: the run is still the same one.
    await served.close(0);
    const later = await serveMcqa();
    options.overrides[0] = `++head_server.port=${portOf(later.headUrl)}`;
    const again = await collectRollouts(await discoverHead(await loadConfig(options), options), {
      cwd,
      env: {},
      source: 'input',
      signals: { drain: new AbortController().signal, abort: new AbortController().signal },
      reporter: () => undefined,
    });
    expect(again.balance).toMatchObject({ planned: 5, scored: 5 });
  });

  it('leaves a configuration with servers alone, and says what to do when no head answers', async () => {
    const { resolved, options } = await load([MCQA]);
    expect(await discoverHead(resolved, options)).toBe(resolved);
    const none = await load(['++head_server.port=1']);
    await expect(discoverHead(none.resolved, none.options)).rejects.toMatchObject({
      code: 'SERVE_NO_HEAD',
      hint: expect.stringContaining('ng_run') as string,
    });
  });
});

async function firstRow(): Promise<unknown> {
  const file = new URL('../../data/resources_servers/mcqa/data/example.jsonl', import.meta.url);
  return JSON.parse((await readFile(file, 'utf8')).split('\n', 1)[0]!) as unknown;
}
