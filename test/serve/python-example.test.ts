import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { collectRollouts as collectHosted, resolveConfig } from '../../src/index.js';
import { collectRollouts } from '../../src/rollouts/index.js';
import { discoverHead, serve } from '../../src/serve/index.js';
import { startProvider } from '../support/provider/provider.mjs';
import { Cleanup, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const EXAMPLE = path.resolve(import.meta.dirname, '../../docs/examples/python-environment');

function pythonMissing(): string | false {
  try {
    execFileSync('python3', ['-c', 'import http.server, http.cookies']);
    return false;
  } catch {
    return 'no python3 on this machine';
  }
}

/** Starts the example as its own text says, and gives its address. */
async function startExample(): Promise<string> {
  const child = spawn('python3', [path.join(EXAMPLE, 'server.py')], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanup.after(() => child.kill());
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', () => reject(new Error('the example ended')));
  });
}

/** A model that adds what is asked for, except for 20: there it adds too little. */
async function startModel() {
  const provider = await startProvider({
    answer: ({ prompt, toolRounds }) => {
      const wanted = Number(/total to (\d+)/.exec(prompt)![1]);
      const amount = wanted === 20 ? 19 : wanted;
      return toolRounds === 0
        ? { toolCalls: [{ name: 'add', arguments: JSON.stringify({ amount }) }] }
        : { text: 'done' };
    },
  });
  cleanup.after(() => provider.close());
  return provider;
}

describe.skipIf(pythonMissing())('an environment in Python', () => {
  const setUp = async () => {
    const [url, provider] = [await startExample(), await startModel()];
    const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-python-'));
    cleanup.after(() => rmSync(cwd, { recursive: true, force: true }));
    const overrides = [
      `+config_paths=[${EXAMPLE}/running-total.yaml,responses_api_models/inference_provider/configs/inference_provider.yaml]`,
      `+policy_base_url=${provider.baseUrl}`,
      '+policy_api_key=none',
      '+policy_model_name=m',
    ];
    const options = { cwd, env: { RUNNING_TOTAL_URL: url }, overrides };
    return { options, url, cwd };
  };
  const collect = async (resolved: Awaited<ReturnType<typeof loadConfig>>, cwd: string) => {
    const never = new AbortController().signal;
    const summary = await collectRollouts(resolved, {
      cwd,
      env: {},
      source: 'input',
      signals: { drain: never, abort: never },
      reporter: () => undefined,
    });
    const rows = readFileSync(path.join(cwd, 'out.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { reward: number; total: number; wanted_total?: number });
    return { summary, rows };
  };
  const INPUT = [
    '+agent_name=running_total_simple_agent',
    `+input_jsonl_fpath=${EXAMPLE}/data/example.jsonl`,
    '+output_jsonl_fpath=out.jsonl',
  ];

  it('is one line in a config, and its rewards come out', async () => {
    const { options, cwd } = await setUp();
    const resolved = await loadConfig({ ...options, overrides: [...options.overrides, ...INPUT] });
    const { summary, rows } = await collect(resolved, cwd);
    expect(summary.balance).toMatchObject({ planned: 5, scored: 5, failed: 0 });
    expect(rows.map(({ total }) => total).sort((a, b) => a - b)).toEqual([3, 7, 12, 19, 41]);
    expect(rows.map(({ reward }) => reward).sort()).toEqual([0, 1, 1, 1, 1]);
  });

  it('is started by the run where its block has no address', async () => {
    const { options, cwd } = await setUp();
    const block = 'running_total.resources_servers.running_total';
    const env = { PATH: process.env['PATH'], NEMO_GYM_EXTRA_ROOTS: path.resolve(EXAMPLE, '../../..') };
    const entrypoint = 'docs/examples/python-environment/server.py';
    const overrides = [
      ...options.overrides,
      ...INPUT,
      `++${block}.base_url=null`,
      `++${block}.entrypoint=${entrypoint}`,
    ];
    const resolved = await resolveConfig({ cwd, env, overrides });
    const summary = await collectHosted(resolved, { cwd, env });
    expect(summary.balance).toMatchObject({ planned: 5, scored: 5, failed: 0 });
    expect(readFileSync(path.join(cwd, 'out_servers', 'running_total.log'), 'utf8')).toContain(
      'http://127.0.0.1:',
    );
    // Of a run that is whole nothing is owed: no program is started, be it for a Python that is there no more.
    rmSync(path.join(cwd, 'out_servers'), { recursive: true });
    const without = { ...env, NGYM_PYTHON: path.join(cwd, 'no-python') };
    const again = await collectHosted(resolved, { cwd, env: without });
    expect(again).toMatchObject({ status: 'complete', balance: { planned: 5, scored: 5 } });
    expect(existsSync(path.join(cwd, 'out_servers'))).toBe(false);
    expect(again.agents[0]!.meanReward).toBe(0.8);
  });

  it('works behind our agent server, from another process too', async () => {
    const { options, cwd } = await setUp();
    const resolved = await loadConfig({
      ...options,
      overrides: [...options.overrides, '++head_server.port=0'],
    });
    const served = cleanup.add(await serve(resolved));
    expect(served.instances.find(({ process_name: name }) => name === 'running_total')!.pid).toBeNull();
    const port = new URL(served.headUrl).port;
    const second = { cwd, env: {}, overrides: [...INPUT, `++head_server.port=${port}`] };
    const { summary, rows } = await collect(await discoverHead(await loadConfig(second), second), cwd);
    expect(summary.balance).toMatchObject({ planned: 5, scored: 5 });
    expect(rows).toHaveLength(5);
  });

  it('answers as its contract says', async () => {
    const url = await startExample();
    expect((await post(`${url}/nothing`, {})).body).toEqual({ detail: 'Not Found' });
    expect((await post(`${url}/add`, { amount: 1 })).status).toBe(400);
    expect((await post(`${url}/verify`, {})).status).toBe(500);
  });
});
