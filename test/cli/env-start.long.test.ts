import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, start, workspace, type RunningProgram } from './program.js';

beforeAll(ensureBuilt);

let here: ReturnType<typeof workspace>;
const running: RunningProgram[] = [];

/** A free port for the head server: the usual one may be somebody else's. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let head: string;

beforeEach(async () => {
  // What a user's env.yaml says about the provider: here it is the embedded one.
  here = workspace({
    'env.yaml': [
      'policy_base_url: embedded:recordings/quickstart.jsonl',
      'policy_api_key: embedded',
      'policy_model_name: embedded-demo',
      '',
    ].join('\n'),
  });
  head = `++head_server.port=${await freePort()}`;
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill('SIGKILL');
    await finished;
  }
  here.remove();
});

async function ngRun(...args: string[]): Promise<RunningProgram> {
  const program = start([...args, head], { cwd: here.cwd, name: 'ng_run' });
  running.push(program);
  await program.said('ready; head server at');
  return program;
}

const status = (...args: string[]) => run([...args, head], { cwd: here.cwd, name: 'ng_status' });

describe('the two-terminal session of the documentation', () => {
  it('evaluates an agent on multiple choice questions', async () => {
    const servers = await ngRun(
      '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/inference_provider.yaml]',
      '++policy_model.responses_api_models.inference_provider.uses_reasoning_parser=true',
    );
    const { code, stdout } = await run(
      [
        '+agent_name=mcqa_simple_agent',
        '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
        '+output_jsonl_fpath=results/mcqa_rollouts.jsonl',
        head,
      ],
      { cwd: here.cwd, name: 'ng_collect_rollouts' },
    );
    expect(stdout).toContain('5 rollouts planned = 5 scored');
    expect(code).toBe(0);
    servers.child.kill('SIGINT');
    expect(await servers.finished).toMatchObject({ code: 0, signal: null });
  });

  it('collects tool calls of the weather example through openai_model', async () => {
    await ngRun(
      '+config_paths=[responses_api_models/openai_model/configs/openai_model.yaml,resources_servers/simple_weather/configs/simple_weather.yaml]',
    );
    const { code, stdout } = await run(
      [
        '+agent_name=simple_weather_simple_agent',
        '+input_jsonl_fpath=resources_servers/simple_weather/data/example.jsonl',
        '+output_jsonl_fpath=results/openrouter_rollouts.jsonl',
        '+limit=100',
        '+concurrency=10',
        head,
      ],
      { cwd: here.cwd, name: 'ng_collect_rollouts' },
    );
    expect(stdout).toContain('5 rollouts planned = 5 scored');
    expect(code).toBe(0);
    const rows = readFileSync(path.join(here.cwd, 'results/openrouter_rollouts.jsonl'), 'utf8');
    expect(rows).toContain('function_call_output');
  });
});

const MCQA =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/embedded.yaml]';

describe('env start and env status', () => {
  it('prints a table of servers, drains on Ctrl-C, and is seen by ng_status', async () => {
    const servers = await ngRun(MCQA);
    const up = await status();
    expect(up.code).toBe(0);
    expect(up.stdout).toMatch(/^name +type +address +state +up\n/);
    expect(up.stdout).toMatch(
      /mcqa_simple_agent +responses_api_agents\/simple_agent +http:\/\/127\.0\.0\.1:\d+ +ready/,
    );
    expect(up.stdout).toContain('3 servers: 3 ready, 0 down');
    const json = await status('--json');
    expect(JSON.parse(json.stdout)).toHaveLength(3);
    servers.child.kill('SIGTERM');
    const { stdout, stderr } = await servers.finished;
    expect(stdout).toMatch(/^name +type +address +state\n(.+\n){4}$/);
    expect(stderr).toContain('stopping');
    const down = await status();
    expect(down).toMatchObject({ code: 1, stdout: '' });
    expect(down.stderr).toContain('No servers are running');
    expect(down.stderr).toContain('ng_run');
  });

  it('prints one record with --json', async () => {
    const servers = await ngRun(MCQA, '--json');
    servers.child.kill('SIGINT');
    const { stdout } = await servers.finished;
    expect(JSON.parse(stdout)).toMatchObject({
      head_url: expect.stringMatching(/^http:/) as string,
      servers: [{ process_name: 'mcqa' }, {}, {}],
    });
  });

  it('says in one message what is wrong, with exit code 2', async () => {
    await ngRun(MCQA);
    const busy = await run([MCQA, head], { cwd: here.cwd, name: 'ng_run' });
    expect(busy.code).toBe(2);
    expect(busy.stderr).toContain('Server "head_server" cannot listen on 127.0.0.1:');
    expect(busy.stderr).toContain('fix: ');
    expect(busy.stderr).not.toContain(' at ');
    const none = await run([], { cwd: here.cwd, name: 'ng_run' });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('no servers to start');
    const open = await run([MCQA, '+default_host=0.0.0.0', '++head_server.port=0'], {
      cwd: here.cwd,
      name: 'ng_run',
    });
    expect(open.stderr).toContain('server_token');
    expect(open.code).toBe(2);
  });

  it('tells a collector without servers what to do', async () => {
    const lost = await run(
      ['+agent_name=a', '+input_jsonl_fpath=x.jsonl', '+output_jsonl_fpath=o.jsonl', head],
      {
        cwd: here.cwd,
        name: 'ng_collect_rollouts',
      },
    );
    expect(lost.code).toBe(2);
    expect(lost.stderr).toContain('+config_paths=[');
    expect(lost.stderr).toContain('ng_run');
  });
});
