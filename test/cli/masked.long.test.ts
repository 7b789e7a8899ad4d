import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/protocol/index.js';
import { ensureBuilt } from '../support/build.js';
import { startProvider, type Answer } from '../support/provider/provider.mjs';
import { run, workspace, type Finished } from './program.js';

beforeAll(ensureBuilt);

const QUESTIONS = Array.from({ length: 4 }, (_, index) =>
  JSON.stringify({
    responses_create_params: { input: [{ role: 'user', content: `Question ${index}` }] },
    options: [{ A: 'no' }, { B: 'yes' }],
    expected_answer: 'B',
    kind: index,
  }),
).join('\n');

/** A fake provider, a working directory with four questions, and our programs in it. */
async function setUp(answer: (index: number) => Answer) {
  const provider = await startProvider({ answer: ({ prompt }) => answer(Number(/\d+/.exec(prompt)![0])) });
  const here = workspace({
    'env.yaml': `policy_api_key: sk-test\npolicy_model_name: m\npolicy_base_url: ${provider.baseUrl}\npreflight: false\n`,
    'data.jsonl': `${QUESTIONS}\n`,
  });
  const ng = (...args: string[]): Promise<Finished> => run(args, { cwd: here.cwd });
  const collect = (...args: string[]): Promise<Finished> =>
    run(
      [
        '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/inference_provider.yaml]',
        '+agent_name=mcqa_simple_agent',
        '+input_jsonl_fpath=data.jsonl',
        '+output_jsonl_fpath=r.jsonl',
        ...args,
      ],
      { cwd: here.cwd, name: 'ng_collect_rollouts' },
    );
  const rows = (file: string): JsonObject[] =>
    readFileSync(path.join(here.cwd, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JsonObject)
      .sort((a, b) => Number(a['_ng_task_index']) - Number(b['_ng_task_index']));
  const metrics = (): JsonObject => {
    const text = readFileSync(path.join(here.cwd, 'r_aggregate_metrics.json'), 'utf8');
    return (JSON.parse(text) as { agent_metrics: JsonObject }[])[0]!.agent_metrics;
  };
  const close = async (): Promise<void> => {
    await provider.close();
    here.remove();
  };
  return { provider, ng, collect, rows, metrics, close };
}

type Setting = Awaited<ReturnType<typeof setUp>>;

/** An environment server of somebody else's, which answers `/verify` by the row's `kind`. */
async function environmentServer(verdict: (kind: number) => JsonObject): Promise<Server> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const body = JSON.parse(text) as JsonObject;
      const answer = request.url === '/verify' ? { ...body, ...verdict(body['kind'] as number) } : {};
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('an environment that masks half of its rollouts', () => {
  let server: Server;
  let here: Setting;
  let first: Finished;
  let far: string;
  beforeAll(async () => {
    server = await environmentServer((kind) =>
      kind % 2 === 0
        ? { reward: 1, mask_sample: false, failure_kind: null, failure_reason: null, score: 2 }
        : { reward: 0, mask_sample: true, failure_kind: 'session_lost', failure_reason: 'reset', score: 9 },
    );
    far = `++mcqa.resources_servers.mcqa.base_url=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    here = await setUp(() => ({ text: '\\boxed{B}' }));
    first = await here.collect(far);
  });
  afterAll(async () => {
    server.close();
    await here.close();
  });

  it('ends complete, and what is printed adds up', () => {
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('4 rollouts planned = 2 scored + 2 masked');
    expect(first.stdout).toMatch(/mcqa_simple_agent +4 +2 +0 +2 +50\.0% +1\.0000/);
  });

  it('stores them among the rollouts, as they came', () => {
    expect(here.rows('r.jsonl')).toMatchObject([
      { reward: 1, mask_sample: false },
      { reward: 0, mask_sample: true, failure_kind: 'session_lost', failure_reason: 'reset', score: 9 },
      { reward: 1 },
      { mask_sample: true, _ng_run: { stop_reason: 'answered', turns: 1 } },
    ]);
    expect(here.rows('r_failures.jsonl')).toEqual([]);
  });

  it('has them in no metric but the coverage', () => {
    const metrics = here.metrics();
    expect(metrics).toMatchObject({
      'mean/reward': 1,
      'mean/score': 2,
      'coverage/measured_rollouts': 2,
      'coverage/masked_rollouts': 2,
      'coverage/measured_tasks': 2,
      'coverage/fully_masked_tasks': 2,
    });
    expect(Object.keys(metrics).filter((key) => /mask|failure/.test(key))).toEqual([
      'coverage/masked_rollouts',
      'coverage/fully_masked_tasks',
    ]);
  });

  it('does not play them again', async () => {
    here.provider.clear();
    const { code, stdout } = await here.collect(far);
    expect({ code, asked: here.provider.requests.length }).toEqual({ code: 0, asked: 0 });
    expect(stdout).toContain('4 rollouts planned = 2 scored + 2 masked');
  });

  it('is read alike by every command', async () => {
    const report = await here.ng('eval', 'report', 'r.jsonl', '--output-format', 'json');
    expect(JSON.parse(report.stdout)).toMatchObject({
      status: 'complete',
      balance: { planned: 4, scored: 2, failed: 0, masked: 2, owed: 0 },
      agents: [{ coverage: 0.5, reward: { value: 1 }, masked_kinds: { session_lost: 2 } }],
    });
    const status = await here.ng('eval', 'status', 'r.jsonl', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ balance: { scored: 2, masked: 2, owed: 0 } });
    const junit = await here.ng('eval', 'report', 'r.jsonl', '--output-format', 'junit');
    expect(junit.stdout).toContain('tests="4" failures="0" errors="0" skipped="2"');
    const profile = await here.ng(
      ...['eval', 'profile', '--inputs', 'r_materialized_inputs.jsonl', '--rollouts', 'r.jsonl'],
    );
    expect(profile.stdout).toContain('2 of them are masked');
    expect(here.rows('r_reward_profiling.jsonl')).toMatchObject([{ 'mean/reward': 1 }, { 'mean/reward': 1 }]);
    const aggregate = await here.ng('eval', 'aggregate', '--input-glob', 'r.jsonl', '--output', 'all.jsonl');
    expect(aggregate.code, aggregate.stderr).toBe(0);
    const gate = await here.ng('eval', 'gate', 'r.jsonl', '--rule', 'mean >= 1', '--rule', 'coverage >= 0.6');
    expect(gate.stdout).toMatch(/mean >= 1 +\S+ +pass/);
    expect(gate.stdout).toMatch(/coverage >= 0\.6 +\(all\) +incomplete/);
    const compare = await here.ng('eval', 'compare', 'r.jsonl', 'all.jsonl', '--output-format', 'json');
    expect(compare.code, compare.stderr).toBe(0);
  });

  it('is a failure, tried again, where the verdict has a class of failure', async () => {
    let down = true;
    const judged = await environmentServer((): JsonObject =>
      down
        ? { reward: 0, mask_sample: true, _ng_failure_class: 'judge_failed', _ng_failure_judge_error: 'down' }
        : { reward: 1, mask_sample: false },
    );
    const { port } = judged.address() as AddressInfo;
    const url = `++mcqa.resources_servers.mcqa.base_url=http://127.0.0.1:${port}`;
    const to = '++output_jsonl_fpath=judged.jsonl';
    const failed = await here.collect(url, to);
    expect(failed.stdout).toContain('4 rollouts planned = 0 scored + 4 failed');
    expect(failed.code).toBe(3);
    expect(here.rows('judged_failures.jsonl')[0]).toMatchObject({ _ng_failure_class: 'judge_failed' });
    down = false;
    const again = await here.collect(url, to);
    expect(again.stdout).toContain('4 rollouts planned = 4 scored');
    judged.close();
  });
});

describe('endings without an answer', () => {
  let here: Setting;
  afterEach(() => here.close());
  const ENDINGS: Answer[] = [
    { text: '\\boxed{B}' },
    { text: '\\boxed{B', finishReason: 'content_filter' },
    { text: ' ' },
    { text: 'half an ans', finishReason: 'length' },
  ];

  it('are scored, and can be told apart', async () => {
    here = await setUp((index) => ENDINGS[index]!);
    const { code, stdout } = await here.collect();
    expect({ code, line: /^.*planned = .*$/m.exec(stdout)?.[0] }).toMatchObject({ code: 0 });
    expect(stdout).toContain('4 rollouts planned = 4 scored');
    const { stdout: report } = await here.ng('eval', 'report', 'r.jsonl', '--by', 'stop_reason');
    for (const reason of ['answered', 'content_filter', 'empty', 'incomplete']) {
      expect(report).toMatch(new RegExp(`^${reason} +1 +1 `, 'm'));
    }
  });

  it('count as a run says, which belongs to what the run is', async () => {
    here = await setUp((index) => ENDINGS[index]!);
    const asked = '+unanswered={content_filter:masked,empty:failed,incomplete:zero}';
    const { code, stdout } = await here.collect(asked);
    expect(stdout).toContain('4 rollouts planned = 2 scored + 1 failed + 1 masked');
    expect(code).toBe(3);
    expect(here.rows('r.jsonl')).toMatchObject([
      { reward: 1 },
      {
        mask_sample: true,
        failure_kind: 'ngym:content_filter',
        _ng_unanswered: { counted_as: 'masked', reward: 0 },
        _ng_run: { stop_reason: 'content_filter' },
      },
      { reward: 0, _ng_unanswered: { counted_as: 'zero', reward: 0 } },
    ]);
    expect(here.rows('r_failures.jsonl')).toMatchObject([
      { _ng_task_index: 2, _ng_failure_class: 'unanswered', retryable: true },
    ]);
    expect(here.metrics()).toMatchObject({ 'mean/reward': 0.5, 'coverage/masked_rollouts': 1 });
    const other = await here.collect('+unanswered={content_filter:failed}');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('unanswered.content_filter');
    const same = await here.collect(asked);
    expect(same.code).toBe(3);
    const verified = await here.ng(
      ...['eval', 'reverify', '--resources-server', 'mcqa', '--inputs', 'r_materialized_inputs.jsonl'],
      ...['--rollouts', 'r.jsonl', '--output', 'again.jsonl', '--model-type', 'inference_provider'],
    );
    expect(verified.stdout, verified.stderr).toContain('3 rollouts planned = 2 scored + 1 masked');
  });

  it.each([
    ['+unanswered={contentfilter:masked}', 'unanswered.contentfilter: not a stop reason', 'content_filter"?'],
    ['+unanswered={empty:mask}', 'unanswered.empty: must be one of score, zero, failed, masked', '"mask"'],
    ['+unanswered=masked', 'unanswered: must be {<stop reason>:', 'e.g. {content_filter: masked}'],
  ])('%s is refused in words', async (argument, ...words) => {
    here = await setUp(() => ({ text: 'x' }));
    const { code, stderr } = await here.collect(argument);
    expect(code).toBe(2);
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).not.toContain('    at ');
  });

  it('are failures when the provider stops with an error', async () => {
    here = await setUp((index) =>
      index === 0 ? { text: 'half an ans', finishReason: 'error' } : { text: '\\boxed{B}' },
    );
    const { code, stdout } = await here.collect();
    expect(stdout).toContain('4 rollouts planned = 3 scored + 1 failed');
    expect(code).toBe(3);
    expect(here.rows('r_failures.jsonl')).toMatchObject([
      { _ng_task_index: 0, _ng_failure_class: 'in_band_error', retryable: true },
    ]);
  });
});
