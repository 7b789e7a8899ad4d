import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { implementations } from '../../src/graph/index.js';
import { loadConfig } from '../../src/config/index.js';
import { aggregateRollouts, collectRollouts, reverifyRollouts } from '../../src/index.js';
import { serve } from '../../src/serve/index.js';
import { startProvider } from '../support/provider/provider.mjs';
import { Cleanup, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const SERVERS = path.resolve(import.meta.dirname, '../fixtures/python-servers');

function pythonMissing(): string | false {
  try {
    execFileSync('python3', ['-c', 'import http.server, http.cookies']);
    return false;
  } catch {
    return 'no python3 on this machine';
  }
}

const ADD = {
  type: 'function',
  name: 'add',
  description: 'Adds a whole number.',
  parameters: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
  strict: false,
};

const CONFIG = `
tally:
  resources_servers:
    tally: { entrypoint: app.py, domain: other }
tally_simple_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: tally }
      model_server: { type: responses_api_models, name: policy_model }
scribe:
  responses_api_agents:
    scribe:
      entrypoint: app.py
      resources_server: { type: resources_servers, name: counter }
      model_server: { type: responses_api_models, name: policy_model }
counter:
  resources_servers:
    example_session_state_mgmt: {}
`;

const BROKEN = `
broken:
  resources_servers:
    broken: { entrypoint: app.py, domain: other }
broken_simple_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: broken }
      model_server: { type: responses_api_models, name: policy_model }
`;

interface Row {
  reward: number;
  total: number;
  pid: number;
  started_in: string;
  dry_run: boolean;
  seen_at_the_head: string[];
}

/** A folder with a configuration, a dataset of sums (20 is answered wrongly), and a model that adds. */
async function setUp(
  rows: readonly object[] = [3, 7, 20].map((wanted_total) => ({ wanted_total })),
  files = 'config.yaml',
) {
  const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-children-')));
  cleanup.after(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(path.join(cwd, 'config.yaml'), CONFIG);
  writeFileSync(path.join(cwd, 'broken.yaml'), BROKEN);
  const lines = rows.map((row) => {
    const content = JSON.stringify(row);
    const input = [{ role: 'user', content }];
    return JSON.stringify({ responses_create_params: { input, tools: [ADD] }, ...row });
  });
  writeFileSync(path.join(cwd, 'data.jsonl'), lines.join('\n'));
  const provider = await startProvider({
    answer: ({ prompt, toolRounds }) => {
      // Asked before the run, too, whether it is there.
      if (toolRounds > 0 || !prompt.startsWith('{')) return { text: 'done' };
      const { wanted_total: wanted, expected_count: count } = JSON.parse(prompt) as Record<string, number>;
      if (count !== undefined)
        return { toolCalls: [{ name: 'increment_counter', arguments: JSON.stringify({ count }) }] };
      const amount = wanted === 20 ? 19 : wanted;
      return { toolCalls: [{ name: 'add', arguments: JSON.stringify({ amount }) }] };
    },
  });
  cleanup.after(() => provider.close());
  const env = { PATH: process.env['PATH'], HOME: cwd, NEMO_GYM_EXTRA_ROOTS: SERVERS };
  const overrides = [
    `+config_paths=[${files},responses_api_models/inference_provider/configs/inference_provider.yaml]`,
    `+policy_base_url=${provider.baseUrl}`,
    '+policy_api_key=sk-this-is-secret-1234',
    '+policy_model_name=m',
    '+input_jsonl_fpath=data.jsonl',
    '+output_jsonl_fpath=out.jsonl',
  ];
  const load = (...more: string[]) =>
    loadConfig({ cwd, env, overrides: [...overrides, ...more], implementations });
  return { cwd, env, load };
}

async function collect({ cwd, env, load }: Awaited<ReturnType<typeof setUp>>, ...more: string[]) {
  const told: string[] = [];
  const summary = await collectRollouts(await load(...more), {
    cwd,
    env,
    reporter: (event) => {
      if (event.type === 'notice') told.push(event.message);
    },
  });
  const rows = readFileSync(path.join(cwd, 'out.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  return { summary, rows, told };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(pythonMissing())('an environment that is a Python program', () => {
  it('is started, scores, logs beside the output, and is gone after the run', async () => {
    const here = await setUp();
    const { summary, rows, told } = await collect(here, '+agent_name=tally_simple_agent');
    expect(summary.balance).toMatchObject({ planned: 3, scored: 3 });
    expect(rows.map(({ total, reward }) => [total, reward]).sort()).toEqual([
      [19, 0],
      [3, 1],
      [7, 1],
    ]);
    expect(rows[0]).toMatchObject({
      started_in: path.join(SERVERS, 'resources_servers/tally'),
      dry_run: false,
    });
    expect(alive(rows[0]!.pid)).toBe(false);
    const logs = path.join(here.cwd, 'out_servers');
    expect(told).toContain(`starting tally; logs: ${logs}`);
    const log = readFileSync(path.join(logs, 'tally.log'), 'utf8');
    expect(log).toContain('tally counts; the key is ***');
    expect(log).not.toContain('sk-this-is-secret-1234');
  });

  it('computes metrics of its own, which are kept when nothing is left to play', async () => {
    const here = await setUp();
    const { told } = await collect(here, '+agent_name=tally_simple_agent');
    expect(told.join('\n')).not.toContain('metrics');
    const file = path.join(here.cwd, 'out_aggregate_metrics.json');
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/"mean\/reward": 0\.66/);
    expect(text).toContain(
      '"tally/sum": 29,\n      "tally/small": 1e-7,\n      "tally/shares": {\n        "all": 1.0',
    );
    const [metrics] = JSON.parse(text) as [Record<string, unknown>];
    expect(metrics['key_metrics']).toEqual({ 'tally/sum': 29 });
    expect(metrics['group_level_metrics']).toMatchObject([
      { 'mean/reward': 1, 'tally/total': 3 },
      { 'mean/reward': 1, 'tally/total': 7 },
      { 'mean/reward': 0, 'tally/total': 19 },
    ]);
    const again = await collect(here, '+agent_name=tally_simple_agent');
    expect(again.summary.balance).toMatchObject({ planned: 3, scored: 3 });
    expect(again.told.join('\n')).not.toContain('starting');
    expect(readFileSync(file, 'utf8')).toBe(text);
    // Nobody is started for rollouts alone.
    const merged = { globs: 'out.jsonl', output: 'merged.jsonl', cwd: here.cwd };
    const { without, agents } = await aggregateRollouts(await here.load(), merged);
    expect(without).toEqual(['tally_simple_agent']);
    expect(Object.keys(agents.get('tally_simple_agent')!.key_metrics)).toContain('mean/reward');
  });

  it('whose metrics fail costs those alone', async () => {
    const here = await setUp();
    const broken = '++tally.resources_servers.tally.no_metrics=true';
    const { summary, told } = await collect(here, '+agent_name=tally_simple_agent', broken);
    expect(summary.status).toBe('complete');
    expect(told.join('\n')).toMatch(
      /metrics of tally_simple_agent are without those that its own server computes: .*HTTP 500/,
    );
    expect(readFileSync(path.join(here.cwd, 'out_aggregate_metrics.json'), 'utf8')).toContain('mean/reward');
  });

  it('that dies is started again, and the episodes that it took along are played again', async () => {
    const here = await setUp();
    const died = path.join(here.cwd, 'died');
    const { summary, rows, told } = await collect(
      here,
      '+agent_name=tally_simple_agent',
      `++tally.resources_servers.tally.die_once=${died}`,
    );
    expect(existsSync(died)).toBe(true);
    expect(summary.balance).toMatchObject({ planned: 3, scored: 3, failed: 0 });
    expect(rows.map(({ reward }) => reward).sort()).toEqual([0, 1, 1]);
    expect(told.join('\n')).toMatch(/"tally" ended \(exit code 9\); it is started again in 0.5 s/);
  });

  it('whose files changed is not the verifier of the run that is there', async () => {
    const here = await setUp();
    cpSync(SERVERS, path.join(here.cwd, 'servers'), { recursive: true });
    const env = { ...here.env, NEMO_GYM_EXTRA_ROOTS: path.join(here.cwd, 'servers') };
    const load = async (...more: string[]) => ({
      ...(await here.load(...more)),
      roots: [path.join(here.cwd, 'servers'), here.cwd],
    });
    const place = { ...here, env, load };
    await collect(place, '+agent_name=tally_simple_agent');
    const again = await collect(
      place,
      '+agent_name=tally_simple_agent',
      '++tally.resources_servers.tally.num_workers=1',
    );
    expect(again.summary.balance).toMatchObject({ planned: 3, scored: 3 });
    appendFileSync(path.join(here.cwd, 'servers/resources_servers/tally/app.py'), '# another verdict\n');
    await expect(collect(place, '+agent_name=tally_simple_agent')).rejects.toMatchObject({
      code: 'ROLLOUTS_DIFFERENT_RUN',
      message: expect.stringContaining('app.py') as string,
    });
  });

  it('verifies stored responses again', async () => {
    const here = await setUp();
    await collect(here, '+agent_name=tally_simple_agent');
    const reverified = await reverifyRollouts(await here.load(), {
      cwd: here.cwd,
      env: here.env,
      rollouts: 'out.jsonl',
      output: 'again.jsonl',
      force: true,
    });
    // Its total is in the session that there was: asked anew, it has counted nothing.
    expect(reverified.balance).toMatchObject({ planned: 3, scored: 3 });
    const again = readFileSync(path.join(here.cwd, 'unsafe_again.jsonl'), 'utf8').trim().split('\n');
    expect(again.map((line) => (JSON.parse(line) as Row).total)).toEqual([0, 0, 0]);
  });

  it('whose imports fail says which, for which Python, and what to type', async () => {
    const here = await setUp(undefined, 'config.yaml,broken.yaml');
    const failure = await collect(here, '+agent_name=broken_simple_agent').then(
      () => 'no error',
      (error: unknown) => String(error),
    );
    expect(failure).toContain('"broken" was started and ended before it was ready (exit code 1).');
    expect(failure).toContain("| ModuleNotFoundError: No module named 'a_package_that_nobody_has'");
    expect(failure).toMatch(
      /fix: Install what it needs: \S+ -m pip install nemo-gym and the packages of \S+requirements\.txt/,
    );
    expect(failure).toContain('(python3 of the search path)');
    expect(existsSync(path.join(here.cwd, 'out.jsonl'))).toBe(false);
  });

  it('whose program is nowhere is refused before anything is written, with the ways to have it', async () => {
    const here = await setUp();
    const env = { ...here.env, NEMO_GYM_EXTRA_ROOTS: '' };
    const load = async (...more: string[]) => ({ ...(await here.load(...more)), roots: [here.cwd] });
    const failure = await collect({ ...here, env, load }, '+agent_name=tally_simple_agent').then(
      () => 'no error',
      (error: unknown) => String(error),
    );
    expect(failure).toContain('"tally" needs the environment "tally", which is not built in.');
    expect(failure).toContain('resources_servers/tally/app.py is started for you where it is found');
    expect(existsSync(path.join(here.cwd, 'out_servers'))).toBe(false);
  });

  it('runs in several processes, each episode in one of them', async () => {
    const here = await setUp(Array.from({ length: 12 }, (_, n) => ({ wanted_total: n + 1 })));
    const { rows } = await collect(here, '+agent_name=tally_simple_agent', '+replicas={tally: 3}');
    expect(rows.map(({ reward }) => reward)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(3);
  });
});

describe.skipIf(pythonMissing())('an agent that is a Python program', () => {
  it('plays with the model and the environment of this program, and finds them at its head', async () => {
    const here = await setUp([3, 5].map((expected_count) => ({ expected_count, initial_count: 0 })));
    const { summary, rows } = await collect(here, '+agent_name=scribe');
    expect(summary.balance).toMatchObject({ planned: 2, scored: 2 });
    expect(rows.map(({ reward }) => reward)).toEqual([1, 1]);
    expect(rows[0]!.seen_at_the_head).toEqual(['counter', 'policy_model', 'scribe']);
  });

  it('uses up the budget with what it asks of our model, once', async () => {
    const rows = Array.from({ length: 30 }, () => ({ expected_count: 3, initial_count: 0 }));
    const here = await setUp(rows);
    const price = '++prices={m: {input: 1000000, output: 1000000}}';
    const all = ['+agent_name=scribe', '+num_samples_in_parallel=1', price];
    const one = await collect(here, ...all, '+limit=1');
    expect(one.summary.balance).toMatchObject({ planned: 1, scored: 1 });
    const told = one.told.find((text) => text.startsWith('programs beside this one'));
    const each = Number(/made 1 model call by way of it: (\d+) tokens$/.exec(told ?? '')?.[1]);
    expect(each).toBeGreaterThan(0);
    // A dollar for each token: room for five and a half, of which the last is not begun.
    const { summary } = await collect(here, ...all, `+max_cost_usd=${5.5 * each}`, '+overwrite=true');
    expect(summary.balance).toMatchObject({ planned: 30, scored: 5, owed: 25 });
    expect(summary.stopped).toContain(`$${5 * each}.0000 of max_cost_usd`);
    expect(summary.agents[0]!.costUsd).toBe(5 * each);
  });

  it('is served beside ours, also where ours ask for a token', async () => {
    const here = await setUp();
    const token = 'a-token-of-sixteen-or-more';
    const resolved = await here.load(
      '++head_server.port=0',
      '+nemo_gym_log_dir=logs',
      `+server_token=${token}`,
    );
    const served = cleanup.add(await serve(resolved, { env: here.env, cwd: here.cwd }));
    const of = (name: string) => served.instances.find(({ process_name: one }) => one === name)!;
    expect(of('scribe').pid).not.toBe(process.pid);
    expect(alive(of('tally').pid!)).toBe(true);
    const row = {
      responses_create_params: { input: [{ role: 'user', content: '{"expected_count": 4}' }] },
      expected_count: 4,
      initial_count: 0,
    };
    const reply = await post(`${of('scribe').url}/run`, row);
    expect(reply.body).toMatchObject({ reward: 1 });
    expect(reply.body).toHaveProperty('seen_at_the_head');
    const pid = of('tally').pid!;
    await served.close(1_000);
    expect(alive(pid)).toBe(false);
  });
});
