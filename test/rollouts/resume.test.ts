import { existsSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;
let broken: Set<string>;
let fault: string;

beforeEach(async () => {
  broken = new Set();
  fault = 'status_400';
  provider = await startProvider({
    faultFor: ({ prompt }) => ([...broken].some((text) => prompt.includes(text)) ? fault : undefined),
  });
  space = new Workspace(provider.baseUrl);
  space.writeRows('in.jsonl', mcqaRows(4));
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

const failure = (...overrides: string[]): Promise<string> =>
  space.collect(overrides).then(
    () => 'no error',
    (error: unknown) => String(error),
  );

describe('an output that exists', () => {
  it('is refused for a different run, naming each key with both values; nothing changes', async () => {
    await space.collect(['+limit=2']);
    const before = space.read('out/r.jsonl');
    const message = await failure('+limit=3', '+responses_create_params.temperature=0.5');
    expect(message).toContain('parameters.limit: 2 → 3');
    expect(message).toContain('parameters.responses_create_params.temperature: (absent) → 0.5');
    expect(message).toContain('data_sha256: ');
    expect(space.read('out/r.jsonl')).toBe(before);
    expect(existsSync(space.file('out/r.jsonl.lock'))).toBe(false);
  });

  it('is refused when the model or a row changed', async () => {
    await space.collect();
    const model = 'policy_model.responses_api_models.inference_provider';
    expect(await failure(`++${model}.model=other`)).toContain(
      'servers.policy_model.model: "fake-model" → "other"',
    );
    space.writeRows('in.jsonl', mcqaRows(4).reverse());
    expect(await failure()).toContain('data_sha256: ');
  });

  it('is resumed though endpoint, key, limits and concurrency differ', async () => {
    await space.collect(['+limit=2']);
    const model = 'policy_model.responses_api_models.inference_provider';
    const summary = await space.collect([
      '+limit=2',
      '+num_samples_in_parallel=3',
      `++${model}.base_url="${provider.url}/v1/"`,
      `++${model}.api_key=another-key-9876543210`,
      `++${model}.num_concurrent_requests=5`,
    ]);
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: 2 } });
  });

  it('is resumed though the environment of an agent elsewhere cannot be loaded here', async () => {
    const elsewhere = [
      '+limit=1',
      '++mcqa_simple_agent.responses_api_agents.simple_agent.base_url="http://127.0.0.1:9"',
      '++mcqa.resources_servers.mcqa.entrypoint=gone.ts',
    ];
    for (const resumed of [false, true]) {
      // The agent cannot be reached, which is as far as this run can come.
      const summary = await space.collect([...elsewhere, '+max_outage_seconds=0']);
      expect(summary).toMatchObject({ status: 'incomplete', balance: { failed: 0 } });
      expect(summary.stopped).toContain('mcqa_simple_agent could not be reached');
      expect(space.events.find(({ type }) => type === 'start')).toMatchObject({ resumed });
    }
  });

  it('is moved aside with +overwrite=true, all files under one number', async () => {
    await space.collect();
    const before = space.read('out/r.jsonl');
    const summary = await space.collect(['+overwrite=true', '+limit=1']);
    expect(summary.balance).toMatchObject({ planned: 1, scored: 1 });
    expect(space.read('out/r.jsonl.old-1')).toBe(before);
    expect(existsSync(space.file('out/r_manifest.json.old-1'))).toBe(true);
    await space.collect(['+overwrite=true', '+limit=1']);
    expect(existsSync(space.file('out/r.jsonl.old-2'))).toBe(true);
    expect(await failure('+overwrite=true', '+resume_from_cache=true')).toContain(
      'overwrite and resume_from_cache',
    );
  });

  it('without a manifest is refused, or resumed from its materialized inputs when asked', async () => {
    await space.collect();
    rmSync(space.file('out/r_manifest.json'));
    expect(await failure()).toContain('there is no manifest beside it');
    const lines = space.read('out/r.jsonl').split('\n');
    space.write('out/r.jsonl', `${lines.slice(1, 3).join('\n')}\n`);
    const before = provider.counts().requests;
    const summary = await space.collect(['+resume_from_cache=true']);
    expect(summary).toMatchObject({ status: 'complete', balance: { planned: 4, scored: 4 } });
    expect(provider.counts().requests - before).toBe(2);
  });

  it('with a result that was never planned, or damaged inputs, is refused', async () => {
    await space.collect();
    const rows = space.read('out/r.jsonl');
    space.write('out/r.jsonl', rows.replace('"_ng_task_index":1,', '"_ng_task_index":77,'));
    expect(await failure()).toContain('1 results of rollouts that were never planned');
    space.write('out/r.jsonl', rows);
    const inputs = space.read('out/r_materialized_inputs.jsonl');
    space.write(
      'out/r_materialized_inputs.jsonl',
      space.read('out/r_materialized_inputs.jsonl').split('\n')[0]!,
    );
    expect(await failure()).toContain('instead of 4');
    space.write('out/r_materialized_inputs.jsonl', inputs.replace('Question 1', 'Question 9'));
    expect(await failure()).toContain('it was changed after the run began');
  });

  it('moves a failures file of nobody aside instead of counting it', async () => {
    space.writeRows('out_dir_marker', []);
    await space.collect(['+limit=1']);
    rmSync(space.file('out/r_manifest.json'));
    rmSync(space.file('out/r.jsonl'));
    space.write('out/r_failures.jsonl', '{"_ng_task_index":0,"_ng_rollout_index":0}\n');
    await space.collect();
    expect(space.read('out/r_failures.jsonl')).toBe('');
    expect(space.read('out/r_failures.jsonl.old-1')).toContain('_ng_task_index');
  });
});

describe('failed rollouts', () => {
  it('that the row causes are left alone on resume', async () => {
    broken.add('Question 1');
    const first = await space.collect();
    expect(first).toMatchObject({ status: 'incomplete', balance: { scored: 3, failed: 1 } });
    expect(space.rows('out/r_failures.jsonl')).toMatchObject([{ _ng_failure_terminal: true }]);
    const again = await space.collect();
    expect(again).toMatchObject({ status: 'incomplete', balance: { scored: 3, failed: 1 } });
    for (const { next } of [first, again]) {
      expect(next).toContain('the same command again leaves what failed alone, with +retry_failed=true');
    }
    expect(again.agents[0]!.failures).toEqual({ bad_request: 1 });
    expect(provider.counts().requests).toBe(4);
  });

  it('of other kinds are retried on resume, with their attempt counted, up to a limit', async () => {
    const model = 'policy_model.responses_api_models.inference_provider';
    const tries = [`++${model}.max_attempts=1`, '+limit=1'];
    broken.add('Question 0');
    fault = 'status_500';
    const first = await space.collect(tries);
    expect(first).toMatchObject({ status: 'incomplete', balance: { failed: 1 } });
    expect(first.next).toContain('the same command again plays what failed');
    await space.collect(tries);
    expect(space.rows('out/r_failures.jsonl').map((row) => row['_ng_attempt_index'])).toEqual([undefined, 1]);
    broken.clear();
    const saved = await space.collect(['+limit=1']);
    expect(saved).toMatchObject({ status: 'complete', balance: { scored: 1, failed: 0 } });
    expect(saved.agents[0]!.failures).toEqual({});
    expect(space.rows('out/r.jsonl')).toMatchObject([{ _ng_attempt_index: 2 }]);
  });

  it('are owed from the start of the next run, not done, until they have been played again', async () => {
    const model = 'policy_model.responses_api_models.inference_provider';
    broken.add('Question');
    fault = 'status_500';
    const first = await space.collect([`++${model}.max_attempts=1`]);
    expect(first).toMatchObject({ balance: { scored: 0, failed: 4 } });
    broken.clear();
    const drain = AbortSignal.abort();
    const stopped = await space.collect([], { signals: { drain } });
    expect(space.events.find(({ type }) => type === 'start')).toMatchObject({ alreadyDone: 0, owed: 4 });
    expect(stopped).toMatchObject({ status: 'interrupted', balance: { scored: 0, failed: 0, owed: 4 } });
    expect(stopped.agents[0]!.failures).toEqual({});
    expect(await space.collect()).toMatchObject({ status: 'complete', balance: { scored: 4, failed: 0 } });
  });

  it('stop being retried after NEMO_GYM_MAX_ROLLOUT_ATTEMPTS failures', async () => {
    const model = 'policy_model.responses_api_models.inference_provider';
    const tries = [`++${model}.max_attempts=1`, '+limit=1'];
    broken.add('Question 0');
    fault = 'status_500';
    const env = { NEMO_GYM_MAX_ROLLOUT_ATTEMPTS: '2' };
    const { next } = await space.collect(tries, { env });
    expect(next).toContain('again plays what failed');
    for (let i = 0; i < 3; i += 1) {
      expect((await space.collect(tries, { env })).next).toContain('again leaves what failed alone');
    }
    expect(space.rows('out/r_failures.jsonl')).toHaveLength(2);
    await space.collect(tries, { env: { NEMO_GYM_MAX_ROLLOUT_ATTEMPTS: 'x' } });
    expect(space.notices().join()).toContain('NEMO_GYM_MAX_ROLLOUT_ATTEMPTS=x is not a positive integer');
  });
});
