import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { Engine } from '../support/engine.js';
import { startProvider, type FaultLike, type Provider } from '../support/provider/provider.mjs';
import { until } from '../support/until.js';
import { start, workspace, type RunningProgram } from './program.js';

beforeAll(ensureBuilt);

let here: ReturnType<typeof workspace>;
let provider: Provider;
let engine: Engine;
let fault: () => FaultLike | undefined;

const CONFIG =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/inference_provider.yaml]';

function dataset(count: number): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      responses_create_params: {
        input: [{ role: 'user', content: `Question ${index}. [answer: \\boxed{B}]\nA: no\nB: yes` }],
      },
      options: [{ A: 'no' }, { B: 'yes' }],
      expected_answer: 'B',
      grading_mode: 'strict_single_letter_boxed',
    }),
  ).join('\n');
}

beforeEach(async () => {
  fault = () => undefined;
  provider = await startProvider({ latency: 50, faultFor: () => fault() });
  engine = await Engine.reserve('--latency', '20-60');
  here = workspace({ 'data.jsonl': dataset(60) });
});
afterEach(async () => {
  await provider.close();
  await engine.kill();
  here.remove();
});

function collect(baseUrl: string, ...more: string[]): RunningProgram {
  const args = [
    CONFIG,
    `+policy_base_url=${baseUrl}`,
    '+policy_api_key=sk-test-0123456789',
    '+policy_model_name=m',
    '+preflight=false',
    '+agent_name=mcqa_simple_agent',
    '+input_jsonl_fpath=data.jsonl',
    '+output_jsonl_fpath=out/r.jsonl',
    ...more,
  ];
  return start(args, { cwd: here.cwd, name: 'ng_collect_rollouts' });
}

const file = (name: string): string => path.join(here.cwd, 'out', name);

function stored(): string[] {
  if (!existsSync(file('r.jsonl'))) return [];
  return readFileSync(file('r.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => String((JSON.parse(line) as { _ng_task_index: number })._ng_task_index))
    .sort();
}

describe('a run whose terminal is closed', () => {
  it('goes on when it writes to no terminal, as under nohup', async () => {
    const program = collect(provider.baseUrl, '+num_samples_in_parallel=4');
    await until(() => stored().length >= 5, program.finished);
    program.child.kill('SIGHUP');
    const { code, stderr } = await program.finished;
    expect(code).toBe(0);
    expect(stderr).toContain('the terminal was closed; going on');
    expect(stored()).toHaveLength(60);
  });

  it.each(['SIGUSR1', 'SIGUSR2'] as const)('says what it does at %s, and goes on', async (signal) => {
    const program = collect(provider.baseUrl, '+num_samples_in_parallel=4');
    await until(() => stored().length >= 5, program.finished);
    program.child.kill(signal);
    await program.said('60 planned = ');
    expect((await program.finished).code).toBe(0);
  });
});

describe('the first Ctrl-C', () => {
  it('does not play what is only queued, and leaves no lock and no status behind', async () => {
    // Two at a time of forty in flight: the others wait for their turn.
    fault = () => ({ kind: 'stall_before_headers', ms: 700 });
    const model = 'policy_model.responses_api_models.inference_provider';
    const program = collect(
      provider.baseUrl,
      '+num_samples_in_parallel=40',
      `++${model}.num_concurrent_requests=2`,
    );
    await until(() => provider.counts().requests >= 2);
    await sleep(100);
    const asked = provider.counts().requests;
    program.child.kill('SIGINT');
    const { code, stderr, stdout } = await program.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopping: finishing [1-4] rollouts? in flight/);
    expect(provider.counts().requests).toBeLessThanOrEqual(asked + 1);
    expect(provider.counts().aborted).toBe(0);
    expect(stdout).toContain('what had been sent was finished, the rest is owed');
    expect(existsSync(file('r.jsonl.lock'))).toBe(false);
    expect(existsSync(file('r_status.json'))).toBe(false);
  });
});

describe('an outage', () => {
  it('is told on stderr, as records and in the status; SIGKILL in it loses and repeats nothing', async () => {
    await engine.start();
    const first = collect(engine.baseUrl, '+num_samples_in_parallel=6', '+json=true');
    await until(() => stored().length >= 15, first.finished);
    await engine.kill();
    await first.said('Nothing new begins until');
    const before = stored();
    await sleep(2_500);
    const status = start(['eval', 'status', 'out/r.jsonl'], { cwd: here.cwd });
    expect((await status.finished).stdout).toMatch(
      /waiting for policy_model since \d\d:\d\d:\d\d \(connection refused\), (next try in \d+ s|trying now)\n/,
    );
    first.child.kill('SIGKILL');
    const { stdout, stderr } = await first.finished;
    expect(stderr).toMatch(/warning: waiting for policy_model since \d\d:\d\d:\d\d \(connection refused\)/);
    const records = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { type: string });
    expect(records.map(({ type }) => type)).toEqual(['start', 'waiting']);
    expect(records[1]).toMatchObject({
      name: 'policy_model',
      reason: 'connection refused',
      url: engine.baseUrl,
      max_seconds: 1800,
    });
    expect(stored()).toEqual(before);

    await engine.start();
    const second = collect(engine.baseUrl, '+num_samples_in_parallel=6');
    expect((await second.finished).code).toBe(0);
    expect(new Set(stored()).size).toBe(60);
    expect(stored()).toHaveLength(60);
    expect(await engine.requests()).toBe(60 - before.length);
  });

  it('that lasts too long ends the run with exit code 3 and says why', async () => {
    const program = collect(engine.baseUrl, '+max_outage_seconds=1');
    const { code, stdout } = await program.finished;
    expect(code).toBe(3);
    expect(stdout).toMatch(/policy_model could not be reached for 1 s \(max_outage_seconds\)/);
    expect(stdout).toContain('60 rollouts planned = ');
    expect(stdout).not.toMatch(/[1-9]\d* failed/);
  });
});

describe('a model that is down at the start', () => {
  it('ends the command at once, with one sentence, said once', async () => {
    const program = collect(engine.baseUrl, '++preflight=true');
    const { code, stderr } = await program.finished;
    expect(code).toBe(2);
    expect(stderr.match(/nothing accepts connections/g)).toHaveLength(1);
    expect(stderr).not.toContain('warning');
  });
});
