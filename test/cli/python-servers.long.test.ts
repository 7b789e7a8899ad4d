import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { startProvider, type Provider } from '../support/provider/provider.mjs';
import { run, start, workspace } from './program.js';

beforeAll(ensureBuilt, 180_000);

const SERVERS = path.resolve(import.meta.dirname, '../fixtures/python-servers');

function pythonMissing(): boolean {
  try {
    execFileSync('python3', ['-c', 'import http.server']);
    return false;
  } catch {
    return true;
  }
}

const CONFIG = `
tally:
  resources_servers:
    tally: { entrypoint: app.py, domain: other }
tally_simple_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: tally }
      model_server: { type: responses_api_models, name: policy_model }
`;

let here: ReturnType<typeof workspace>;
let provider: Provider;

beforeEach(async () => {
  provider = await startProvider({ latency: 150, answer: () => ({ text: 'done' }) });
  const line = JSON.stringify({ responses_create_params: { input: 'add nothing' }, wanted_total: 0 });
  here = workspace({
    'tally.yaml': CONFIG,
    'data.jsonl': `${line}\n`.repeat(40),
    'env.yaml': `policy_base_url: ${provider.baseUrl}\npolicy_api_key: sk-test-0123456789\npolicy_model_name: m\n`,
  });
});
afterEach(async () => {
  await provider.close();
  here.remove();
});

const FLAGS = ['--search-dir', SERVERS, '--config', 'tally.yaml', '--model-type', 'inference_provider'];
const RUN = [
  'eval',
  'run',
  ...FLAGS,
  '--agent',
  'tally_simple_agent',
  '--input',
  'data.jsonl',
  '--output',
  'out.jsonl',
];

/** The process that the run started: its log begins with its number. */
function pid(): number {
  const log = readFileSync(path.join(here.cwd, 'out_servers', 'tally.log'), 'utf8');
  return Number(/^(\d+) tally counts/m.exec(log)![1]);
}

function alive(of: number): boolean {
  try {
    process.kill(of, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(of: number): Promise<void> {
  for (let tries = 0; alive(of); tries++) {
    if (tries > 200) throw new Error(`process ${of} is still there`);
    await sleep(50);
  }
}

describe.skipIf(pythonMissing())('a run with a Python server', () => {
  it('takes it along when it is killed, and goes on with another one', async () => {
    const program = start([...RUN, '--concurrency', '2'], { cwd: here.cwd });
    await program.said('40 rollouts planned');
    const first = pid();
    expect(alive(first)).toBe(true);
    program.child.kill('SIGKILL');
    await program.finished;
    await gone(first);
    const { code, stdout } = await run([...RUN, '--concurrency', '40'], { cwd: here.cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('40 rollouts planned = 40 scored');
  });

  it('finishes what is in flight at Ctrl-C with the server there, then ends it', async () => {
    const program = start([...RUN, '--concurrency', '2'], { cwd: here.cwd });
    await program.said('40 rollouts planned');
    const server = pid();
    while (readFileSync(path.join(here.cwd, 'out.jsonl'), 'utf8') === '') await sleep(20);
    program.child.kill('SIGINT');
    const { code, stdout } = await program.finished;
    expect(code).toBe(130);
    expect(stdout).toMatch(/40 rollouts planned = [1-9]\d? scored \+ (?:\d cancelled \+ )?\d+ owed/);
    expect(alive(server)).toBe(false);
  });

  it('need not wait for a server that does not get ready', async () => {
    const config = path.join(here.cwd, 'sleepy.yaml');
    writeFileSync(config, CONFIG.replaceAll('tally', 'sleepy'));
    const args = RUN.map((word) => word.replace('tally', 'sleepy'));
    const program = start(args, { cwd: here.cwd });
    await program.said('starting sleepy');
    const log = path.join(here.cwd, 'out_servers', 'sleepy.log');
    const said = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    while (!said().includes('sleepy loads')) await sleep(20);
    program.child.kill('SIGINT');
    const { code, stdout } = await program.finished;
    expect(stdout).toContain('40 rollouts planned = 0 scored + 40 owed');
    expect(code).toBe(130);
    expect(alive(Number(/^(\d+) sleepy/m.exec(said())![1]))).toBe(false);
    const limited = await run([...args, '+server_spinup_timeout_seconds=1'], { cwd: here.cwd });
    expect(limited.code).toBe(2);
    expect(limited.stderr).toContain('"sleepy" was started and did not get ready within 1 s.');
    expect(limited.stderr).toContain('sleepy loads its tables');
  });

  it('is told by validate what is missing, before anything is started', async () => {
    const flags = ['env', 'validate', ...FLAGS];
    const fine = await run(flags, { cwd: here.cwd });
    expect(fine.stdout).toContain('valid: ');
    const noPython = await run([...flags, '+python=/nowhere/python3'], { cwd: here.cwd });
    expect(noPython.code).toBe(2);
    expect(noPython.stderr).toContain('+python names the Python "/nowhere/python3", which is not there');
    const noCode = await run(
      flags.map((word) => (word === SERVERS ? here.cwd : word)),
      { cwd: here.cwd },
    );
    expect(noCode.stderr).toContain('"tally" needs the environment "tally", which is not built in.');
    expect(noCode.stderr).toContain('ng env add <wheel>');
  });

  it('finds configs and data with the Python that is named', async () => {
    const site = path.join(here.cwd, 'venv/lib/python3.13/site-packages');
    mkdirSync(path.join(site, 'nemo_gym'), { recursive: true });
    writeFileSync(path.join(site, 'nemo_gym/__init__.py'), '');
    cpSync(SERVERS, site, { recursive: true });
    mkdirSync(path.join(site, 'resources_servers/tally/configs'));
    writeFileSync(path.join(site, 'resources_servers/tally/configs/tally.yaml'), CONFIG);
    mkdirSync(path.join(here.cwd, 'venv/bin'));
    symlinkSync(
      execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim(),
      path.join(here.cwd, 'venv/bin/python'),
    );
    const args = ['eval', 'run', '--resources-server', 'tally', '--model-type', 'inference_provider'];
    const agent = ['--agent', 'tally_simple_agent', '--input', 'data.jsonl', '--output', 'out.jsonl'];
    const { code, stdout, stderr } = await run([...args, ...agent, '+python=venv', '--limit', '2'], {
      cwd: here.cwd,
    });
    expect(stderr).not.toContain('error');
    expect(stdout).toContain('2 rollouts planned = 2 scored');
    expect(code).toBe(0);
    const elsewhere = await run([...args, ...agent], { cwd: here.cwd });
    expect(elsewhere.stderr).toContain('tally');
    expect(elsewhere.code).toBe(2);
  });

  it('is served by env start beside what is built in', async () => {
    const program = start(
      ['env', 'start', ...FLAGS, '++head_server.port=0', '+nemo_gym_log_dir=logs', '--json'],
      { cwd: here.cwd },
    );
    await program.said('ready; head server at');
    program.child.kill('SIGTERM');
    const { code, stdout } = await program.finished;
    expect(code).toBe(0);
    const { servers } = JSON.parse(stdout) as {
      servers: { process_name: string; pid: number; url: string }[];
    };
    const tally = servers.find(({ process_name: name }) => name === 'tally')!;
    expect(tally.pid).not.toBe(program.child.pid);
    expect(alive(tally.pid)).toBe(false);
  });
});
