import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig, ownBlock } from '../../src/config/index.js';
import type { ConfigObject } from '../../src/config/index.js';
import { implementations, isElsewhere } from '../../src/graph/index.js';
import { collectRollouts } from '../../src/rollouts/index.js';
import { serve } from '../../src/serve/index.js';
import { Cleanup, get } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const MCQA =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/embedded.yaml]';

function folder(): string {
  const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-handed-'));
  cleanup.after(() => rmSync(cwd, { recursive: true, force: true }));
  return cwd;
}

/** Servers that run, and the configuration with their addresses as a program that they start is given it. */
async function running(...more: string[]) {
  const cwd = folder();
  const overrides = [MCQA, '++head_server.port=0', ...more];
  const resolved = await loadConfig({ overrides, cwd, env: {}, implementations });
  const served = cleanup.add(await serve(resolved, { env: {}, cwd }));
  const over: ConfigObject = {};
  for (const { process_name: name, server_type: type, name: kind, host, port } of served.instances) {
    over[name] = { [type]: { [kind]: { host, port } } };
  }
  const { hostname: host, port } = new URL(served.headUrl);
  const dict = resolved.forServers({ ...over, head_server: { host, port: Number(port) } });
  return { served, cwd, dict };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('a configuration whose servers run already', () => {
  it('is played there, with nothing started', async () => {
    const { served, cwd, dict } = await running();
    const resolved = await loadConfig({
      cwd,
      env: { NEMO_GYM_CONFIG_DICT: dict },
      implementations,
      overrides: [
        '+agent_name=mcqa_simple_agent',
        '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
        '+limit=1',
        '+output_jsonl_fpath=out.jsonl',
      ],
    });
    expect(resolved.servers.map(({ name, started }) => [name, started?.[0]])).toEqual(
      served.instances.map(({ process_name: name, url }) => [name, url]),
    );
    expect(resolved.servers.every(isElsewhere)).toBe(true);
    const { balance } = await collectRollouts(resolved, { cwd, env: {} });
    expect(balance).toMatchObject({ planned: 1, scored: 1 });
    // With the servers gone, there is nobody else who could have played it.
    await served.close(0);
    rmSync(path.join(cwd, 'out.jsonl'));
    const signals = { drain: AbortSignal.timeout(500), abort: AbortSignal.timeout(600) };
    const alone = await collectRollouts(resolved, { cwd, env: {}, signals });
    expect(alone.balance.scored).toBe(0);
    expect(readFileSync(path.join(cwd, 'out.jsonl'), 'utf8')).toBe('');
  });

  it('is served as the one block that is ours, at its address', async () => {
    const { served, cwd, dict } = await running();
    const port = await freePort();
    const env = { NEMO_GYM_CONFIG_DICT: dict, NEMO_GYM_CONFIG_PATH: 'mcqa' };
    const overrides = [`++mcqa.resources_servers.mcqa.port=${port}`];
    const own = ownBlock(env);
    const resolved = await loadConfig({ cwd, env, overrides, implementations, own });
    const one = cleanup.add(await serve(resolved, { env: {}, cwd, own }));
    expect(one.instances.map(({ process_name: name, url }) => [name, url])).toEqual([
      ['mcqa', `http://127.0.0.1:${port}`],
    ]);
    expect(one.headUrl).toBe(served.headUrl);
    expect((await get(`http://127.0.0.1:${port}/health`)).body).toEqual({ status: 'ok' });
  });

  it('is not started in its own place', async () => {
    const { cwd, dict } = await running();
    const env = { NEMO_GYM_CONFIG_DICT: dict };
    const load = (own: string) =>
      loadConfig({ cwd, env, overrides: ['+python_servers=[mcqa]'], implementations, own });
    await expect(serve(await load('mcqa'), { env: {}, cwd, own: 'mcqa' })).rejects.toThrow(
      /mcqa.*not built in/,
    );
    await expect(serve(await load('mcqq'), { env: {}, cwd, own: 'mcqq' })).rejects.toThrow(
      'NEMO_GYM_CONFIG_PATH is "mcqq", and NEMO_GYM_CONFIG_DICT has no such server. Did you mean "mcqa"?',
    );
  });

  it('needs both host and port, of what was handed on', async () => {
    const block = (keys: object) => JSON.stringify({ a: { resources_servers: { mcqa: keys } } });
    const started = async (keys: object, ...overrides: string[]) => {
      const env = { NEMO_GYM_CONFIG_DICT: block(keys) };
      return (await loadConfig({ cwd: folder(), env, overrides, implementations })).servers[0]!.started;
    };
    expect(await started({ host: '0.0.0.0', port: 7 })).toEqual(['http://127.0.0.1:7']);
    expect(await started({ host: '::1', port: '7' })).toEqual(['http://[::1]:7']);
    expect(await started({ port: 7 })).toBeUndefined();
    expect(await started({ host: 'h' }, '++a.resources_servers.mcqa.port=7')).toBeUndefined();
    expect(await started({}, '++a.resources_servers.mcqa={host: h, port: 7}')).toBeUndefined();
    expect(ownBlock({ NEMO_GYM_CONFIG_PATH: 'a' })).toBeUndefined();
  });
});
