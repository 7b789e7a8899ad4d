import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { startProvider, type FaultLike, type Provider } from '../support/provider/provider.mjs';
import { run, start, workspace, type Finished, type RunningProgram } from './program.js';

beforeAll(ensureBuilt);

let here: ReturnType<typeof workspace>;
let provider: Provider;
let fault: (n: number) => FaultLike | undefined = () => undefined;

const TOGETHER =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/together.yaml]';

/** The provider's shipped address is replaced in env.yaml, the only thing that a test changes. */
const envYaml = (baseUrl: string): string =>
  `preflight: false\npolicy_api_key: sk-test-0123456789\npolicy_model_name: test-model\npolicy_base_url: ${baseUrl}\n` +
  `policy_model:\n  responses_api_models:\n    inference_provider:\n      entrypoint: app.py\n      base_url: ${baseUrl}\n`;

/** `n` questions whose answer the provider is told; every fourth is told wrong. */
function dataset(n: number): string {
  return Array.from({ length: n }, (_, index) => {
    const answer = index % 4 === 3 ? 'A' : 'B';
    const content = `Question ${index}. [answer: \\boxed{${answer}}]\nA: no\nB: yes`;
    return `${JSON.stringify({
      responses_create_params: { input: [{ role: 'user', content }] },
      options: [{ A: 'no' }, { B: 'yes' }],
      expected_answer: 'B',
      grading_mode: 'strict_single_letter_boxed',
    })}\n`;
  }).join('');
}

beforeEach(async () => {
  fault = () => undefined;
  provider = await startProvider({ latency: 5, faultFor: (_, { n }) => fault(n) });
  here = workspace({ 'env.yaml': envYaml(provider.baseUrl), 'data.jsonl': dataset(20) });
});
afterEach(async () => {
  await provider.close();
  here.remove();
});

const collect = (...args: string[]) => run(args, { cwd: here.cwd, name: 'ng_collect_rollouts' });
const mcqa = [
  '+agent_name=mcqa_simple_agent',
  '+input_jsonl_fpath=data.jsonl',
  '+output_jsonl_fpath=out/r.jsonl',
];

interface Row {
  reward: number;
  _ng_task_index: number;
  _ng_rollout_index: number;
}

function rows(file = 'out/r.jsonl'): Row[] {
  return readFileSync(path.join(here.cwd, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Each rollout that is stored, once each. */
function keys(): string[] {
  return rows()
    .map((row) => `${row._ng_task_index}-${row._ng_rollout_index}`)
    .sort();
}

describe("the documentation's own lines", () => {
  it('collects from a hosted provider', async () => {
    const { code, stdout } = await collect(
      TOGETHER,
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
      '+output_jsonl_fpath=results/mcqa_rollouts.jsonl',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('5 rollouts planned = 5 scored');
    expect(readdirSync(path.join(here.cwd, 'results')).sort()).toEqual([
      'mcqa_rollouts.jsonl',
      'mcqa_rollouts_aggregate_metrics.json',
      'mcqa_rollouts_failures.jsonl',
      'mcqa_rollouts_manifest.json',
      'mcqa_rollouts_materialized_inputs.jsonl',
    ]);
    expect(provider.requests.map(({ path: url, model }) => [url, model])).toEqual(
      Array.from({ length: 5 }, () => ['/v1/chat/completions', 'test-model']),
    );
  });

  it('plays every row with --agent, and says which rows name another one', async () => {
    const named = dataset(4)
      .trimEnd()
      .split('\n')
      .map((line, i) =>
        line.replace('{', `{"agent_ref":{"name":"${i < 3 ? 'other' : 'mcqa_simple_agent'}"},`),
      );
    writeFileSync(path.join(here.cwd, 'data.jsonl'), `${named.join('\n')}\n`);
    const { code, stdout, stderr } = await collect(TOGETHER, ...mcqa);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('4 rollouts planned = 4 scored');
    expect(stderr).toContain('3 rows are routed to another agent than named: other → mcqa_simple_agent (3)');
    const [, ...rest] = mcqa;
    const mapped = await collect(
      ...[TOGETHER, ...rest, '++output_jsonl_fpath=out/m.jsonl', '+agent_map={othr:mcqa_simple_agent}'],
    );
    expect(mapped.code).toBe(2);
    expect(mapped.stderr).toContain('"other"');
    const differs = await collect(TOGETHER, ...mcqa, '+agent_map={other:mcqa_simple_agent}');
    expect(differs.code).toBe(2);
    expect(differs.stderr).toContain('agent_map.other: (absent) → "mcqa_simple_agent"');
  });

  it('collects from a Responses provider, with a limit and the older name of the concurrency', async () => {
    writeFileSync(
      path.join(here.cwd, 'env.yaml'),
      `preflight: false\npolicy_base_url: ${provider.baseUrl}\npolicy_api_key: sk-or-0123456789\npolicy_model_name: vendor/model\n`,
    );
    const { code, stdout, stderr } = await collect(
      '+config_paths=[responses_api_models/openai_model/configs/openai_model.yaml,resources_servers/simple_weather/configs/simple_weather.yaml]',
      '+agent_name=simple_weather_simple_agent',
      '+input_jsonl_fpath=resources_servers/simple_weather/data/example.jsonl',
      '+output_jsonl_fpath=results/openrouter_rollouts.jsonl',
      '+limit=100',
      '+concurrency=10',
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('5 rollouts planned = 5 scored');
    expect(new Set(provider.requests.map(({ path: url }) => url))).toEqual(new Set(['/v1/responses']));
  });

  it('says which files to give when servers were expected to run elsewhere', async () => {
    rmSync(path.join(here.cwd, 'env.yaml'));
    const { code, stdout, stderr } = await collect(
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl',
      '+output_jsonl_fpath=results/mcqa_rollouts.jsonl',
      '++head_server.port=1',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "error: No config paths are given, and no head server is running. mcqa_simple_agent is defined in resources_servers/mcqa/configs/mcqa.yaml.
        fix: Name the files of an environment and of a model; both then run in this process:
          "+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/openai_model/configs/openai_model.yaml]"
        Or start servers with ng_run in another terminal, or say where they are: "++head_server.host=…"
        "++head_server.port=…".
      "
    `);
  });
});

describe('what a run prints', () => {
  it('puts the summary on stdout and start, progress and notices on stderr', async () => {
    const { code, stdout, stderr } = await collect(TOGETHER, ...mcqa, '+num_repeats=2', '+concurrency=4');
    expect(code).toBe(0);
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "Complete in <time>: 40 rollouts planned = 40 scored

      agent              planned  scored  failed  coverage  mean reward  pass@1  pass@2  tokens in  tokens out
      mcqa_simple_agent       40      40       0    100.0%       0.7500   75.0%   75.0%        320          40

      Files
        rollouts  out/r.jsonl
        metrics   out/r_aggregate_metrics.json
        inputs    out/r_materialized_inputs.jsonl
        manifest  out/r_manifest.json

      Next  ng eval report out/r.jsonl
      "
    `);
    const [first, ...lines] = stderr.trimEnd().split('\n');
    expect(here.hide(first!)).toBe('40 rollouts planned; at most 4 at a time; writing <here>/out/r.jsonl');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(
        /^\d+\/40 \(\d+ %\) · scored \d+ · failed 0 · mean reward (-|\d\.\d{3}) · [\d.]+ rollouts\/s · in flight [0-4] · ETA (-|\S+)$/,
      );
    }
    expect(lines.at(-1)).toMatch(/^40\/40 \(100 %\) · scored 40 · failed 0 · mean reward 0\.750 · /);
  });

  it('prints one record at the start and one at the end with --json', async () => {
    fault = (n) => (n === 3 ? { kind: 'status', status: 400, message: 'no such thing' } : undefined);
    const { code, stdout, stderr } = await collect(TOGETHER, ...mcqa, '--json');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toMatchObject([
      { type: 'start', planned: 20, already_done: 0, resumed: false },
      {
        type: 'end',
        status: 'incomplete',
        exit_code: 3,
        balance: { planned: 20, scored: 19, failed: 1, masked: 0, cancelled: 0, owed: 0 },
        agents: [{ agent: 'mcqa_simple_agent', failures: { bad_request: 1 } }],
      },
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain('20 rollouts planned = 19 scored + 1 failed');
  });

  it('never shows the key', async () => {
    fault = () => ({ kind: 'status', status: 401, message: 'Incorrect API key: sk-test-0123456789' });
    const { code, stdout, stderr } = await collect(TOGETHER, ...mcqa);
    expect(code).toBe(3);
    const files = readdirSync(path.join(here.cwd, 'out')).map((name) =>
      readFileSync(path.join(here.cwd, 'out', name), 'utf8'),
    );
    for (const text of [stdout, stderr, ...files]) expect(text).not.toContain('sk-test-0123456789');
    expect(files.join('')).toContain('Incorrect API key');
  });

  it('goes on when the reader of stdout has left', async () => {
    const program = start([TOGETHER, ...mcqa, '--json'], { cwd: here.cwd, name: 'ng_collect_rollouts' });
    program.child.stdout!.destroy();
    expect(await program.finished).toMatchObject({ code: 0, signal: null });
    expect(keys()).toHaveLength(20);
  });
});

describe('mistakes', () => {
  it('refuses a parameter that is nearly known and that nothing reads, before anything is sent', async () => {
    const { code, stdout, stderr } = await collect(TOGETHER, ...mcqa, '+num_repeat=3');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: Nothing reads the argument +num_repeat=…. Did you mean "num_repeats" or "num_repeats_add_seed"?\n' +
        '  fix: Correct the name, or remove the argument. A key of your own is fine once a config refers to it.\n',
    });
    expect(provider.requests).toEqual([]);
    expect(existsSync(path.join(here.cwd, 'out'))).toBe(false);
  });

  it.each(['+my_own_word=1', '+num_repeat={a: 1}', '++wandb_project=x'])('lets %s pass', async (token) => {
    expect((await collect(TOGETHER, ...mcqa, token)).code).toBe(0);
  });

  it('lets a near name pass that a config refers to', async () => {
    writeFileSync(path.join(here.cwd, 'own.yaml'), 'limit: ${num_limit}\n');
    const { code, stdout } = await collect(TOGETHER.replace(']', ',own.yaml]'), ...mcqa, '+num_limit=2');
    expect(code).toBe(0);
    expect(stdout).toContain('2 rollouts planned');
  });

  it('names the values that env.yaml should hold', async () => {
    rmSync(path.join(here.cwd, 'env.yaml'));
    const { code, stderr } = await collect(TOGETHER, ...mcqa);
    expect(code).toBe(2);
    expect(stderr).toContain('policy_api_key');
    expect(stderr).toContain('env.yaml');
    expect(stderr).not.toContain('    at ');
  });
});

describe('what is it waiting for?', () => {
  it('answers on SIGUSR1 and to eval status from another process', async () => {
    fault = (n) => (n > 2 ? 'stall_before_headers' : undefined);
    const program = start([TOGETHER, ...mcqa, '+concurrency=2'], {
      cwd: here.cwd,
      name: 'ng_collect_rollouts',
    });
    await until(() => provider.counts().requests >= 4, program);
    program.child.kill('SIGUSR1');
    await program.said('2 in flight\n');
    const waiting = /^ {2}\d+-0: .+ for \d+ s \(episode \d+ s\)$/m;
    const status = await run(['eval', 'status', 'out/r.jsonl'], { cwd: here.cwd });
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toContain(
      `${path.join(here.cwd, 'out/r.jsonl')}: running, process ${program.child.pid}`,
    );
    const json = await run(['eval', 'status', '--output', 'out/r.jsonl', '--json'], { cwd: here.cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ state: 'running', balance: { planned: 20 } });
    program.child.kill('SIGINT');
    await program.said('Ctrl-C again to abort');
    program.child.kill('SIGINT');
    expect((await program.finished).stderr).toMatch(waiting);
    expect((await run(['eval', 'status', 'out/r.jsonl'], { cwd: here.cwd })).stdout).toContain(
      ': not running\n',
    );
  });

  it('says when there is no such run', async () => {
    const { code, stdout, stderr } = await run(['eval', 'status', 'nothing.jsonl'], { cwd: here.cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  });
});

describe('an error in ngym itself', () => {
  it('ends with its stack, what to do about it, and exit 70, wherever it is thrown', async () => {
    fault = () => 'stall_before_headers';
    const bug = 'data:text/javascript,setTimeout(() => { throw new RangeError("a bug"); }, 800)';
    const program = start([TOGETHER, ...mcqa], {
      cwd: here.cwd,
      name: 'ng_collect_rollouts',
      node: ['--import', bug],
    });
    const { code, stderr } = await program.finished;
    expect(code).toBe(70);
    expect(stderr).toMatch(
      /RangeError: a bug\n {4}at [\s\S]*This is an error in ngym, not in what you typed\./,
    );
  });
});

describe('stopping', () => {
  const slow = [TOGETHER, ...mcqa, '+concurrency=2'];

  it('finishes what is in flight at the first Ctrl-C and resumes without repeating anything', async () => {
    fault = (n) => (n > 4 ? { kind: 'stall_before_headers', ms: 300 } : undefined);
    const program = start(slow, { cwd: here.cwd, name: 'ng_collect_rollouts' });
    await until(() => provider.counts().requests >= 5, program);
    program.child.kill('SIGINT');
    const { code, stdout, stderr } = await program.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopping: finishing [12] rollouts? in flight; Ctrl-C again to abort\n/);
    expect(stdout).toMatch(/^Interrupted /);
    expect(provider.counts().aborted).toBe(0);
    const sent = provider.counts().requests;
    expect(keys()).toHaveLength(sent);
    expect(sent).toBeLessThan(20);

    fault = () => undefined;
    expect((await collect(...slow)).code).toBe(0);
    expect(provider.counts().requests).toBe(20);
    expect(new Set(keys()).size).toBe(20);
    expect(keys()).toHaveLength(20);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'aborts at the second %s, and what was cut off is owed',
    async (signal) => {
      fault = (n) => (n > 4 ? 'stall_before_headers' : undefined);
      const program = start(slow, { cwd: here.cwd, name: 'ng_collect_rollouts' });
      await until(() => provider.counts().requests >= 6, program);
      program.child.kill(signal);
      await program.said('Ctrl-C again to abort');
      program.child.kill(signal);
      const { code, stderr } = await program.finished;
      expect(code).toBe(130);
      expect(stderr).toContain('aborting: rollouts in flight are cancelled and stay owed\n');
      expect(keys()).toHaveLength(4);

      fault = () => undefined;
      expect((await collect(...slow)).code).toBe(0);
      expect(new Set(keys()).size).toBe(20);
    },
  );
});

/** Waits for something that the program causes; fails when the program ends before. */
async function until(happened: () => boolean, program: RunningProgram): Promise<void> {
  let ended: Finished | undefined;
  void program.finished.then((finished) => (ended = finished));
  while (!happened()) {
    if (ended !== undefined) throw new Error(`ended too early: ${JSON.stringify(ended)}`);
    await sleep(10);
  }
}

/** Times and places differ from run to run. */
function steady(text: string): string {
  return here.hide(text).replaceAll(/\d+\.\d s\b/g, '<time>');
}
