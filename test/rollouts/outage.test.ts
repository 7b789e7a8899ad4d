import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import type { CollectOptions, RunEvent } from '../../src/rollouts/index.js';
import { collectRollouts, describeStatus } from '../../src/rollouts/index.js';
import { Engine } from '../support/engine.js';
import { startProvider } from '../support/provider/provider.mjs';
import { FULL } from '../support/full.js';
import { until } from '../support/until.js';
import { mcqaRows, Workspace } from './workspace.js';

let space: Workspace;
let engines: Engine[];

async function engine(...options: string[]): Promise<Engine> {
  const made = await Engine.reserve(...options);
  engines.push(made);
  return made;
}

beforeEach(() => {
  engines = [];
});

afterEach(async () => {
  await Promise.all(engines.map((one) => one.kill()));
  space.remove();
});

const types = (events: readonly RunEvent[]): string[] =>
  events.map(({ type }) => type).filter((type) => type === 'waiting' || type === 'resumed');

describe('a provider that goes away in the middle of a run', () => {
  it('costs time and nothing else: all is scored once it is back, with no failure and no episode begun anew', async () => {
    const [tasks, repeats, awayMs] = FULL ? [500, 4, 20_000] : [150, 2, 2_500];
    const upstream = await engine('--latency', '30-120');
    await upstream.start();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(tasks));
    const running = space.collect([`+num_repeats=${repeats}`, '+num_samples_in_parallel=32']);
    await until(() => space.scored >= (tasks * repeats) / 5, running);
    await upstream.kill();
    await until(() => types(space.events).includes('waiting'), running);
    const before = space.control!.status();
    await sleep(awayMs);
    const during = space.control!.status();
    // Nothing was failed, nothing new began, and whoever was in flight kept its place.
    expect(during.balance).toMatchObject({ failed: 0, scored: before.balance.scored });
    expect(during.inFlight.map(({ episodeId }) => episodeId).sort()).toEqual(
      before.inFlight.map(({ episodeId }) => episodeId).sort(),
    );
    expect(during.inFlight.length).toBeGreaterThan(0);
    expect(during.inFlight.every(({ phase }) => phase === 'waiting')).toBe(true);
    expect(during.progress).toMatchObject({ etaMs: null, waiting: { name: 'policy_model' } });
    expect(describeStatus(during)).toMatch(
      /waiting for policy_model since \d\d:\d\d:\d\d \(connection refused\), (next try in \d+ s|trying now)/,
    );
    expect(describeStatus(during)).toMatch(
      /policy_model http:\S+\/v1: down for \d+ s \(connection refused\)/,
    );
    await upstream.start();
    const summary = await running;
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: tasks * repeats, failed: 0 } });
    expect(types(space.events)).toEqual(['waiting', 'resumed']);
    expect(space.read('out/r_failures.jsonl')).toBe('');
    expect(space.keys('out/r.jsonl')).toHaveLength(tasks * repeats);
  }, 300_000);

  it('may be gone before the first request, with preflight=false', async () => {
    const upstream = await engine();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(20));
    const running = space.collect();
    await until(() => types(space.events).includes('waiting'), running);
    await upstream.start();
    expect(await running).toMatchObject({ status: 'complete', balance: { scored: 20, failed: 0 } });
  });

  it('stops the clocks of what is in flight: no time limit passes while it is away', async () => {
    const upstream = await engine('--latency', '300-400');
    await upstream.start();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(30));
    const model = 'policy_model.responses_api_models.inference_provider';
    const running = space.collect([
      `++${model}.request_timeout_seconds=5`,
      '++mcqa_simple_agent.responses_api_agents.simple_agent.episode_timeout_seconds=5',
      '+stall_timeout_seconds=5',
      '+num_samples_in_parallel=10',
    ]);
    await until(() => space.scored >= 5, running);
    await upstream.kill();
    await until(() => types(space.events).includes('waiting'), running);
    await sleep(7_000);
    await upstream.start();
    expect(await running).toMatchObject({ status: 'complete', balance: { scored: 30, failed: 0 } });
  });
});

describe('an outage that takes too long', () => {
  it('ends the run as incomplete: everything is owed, nothing failed, and the same command goes on', async () => {
    const upstream = await engine('--latency', '50-100');
    await upstream.start();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(60));
    const running = space.collect(['+max_outage_seconds=1', '+num_samples_in_parallel=8']);
    await until(() => space.scored >= 10, running);
    await upstream.kill();
    const summary = await running;
    expect(summary).toMatchObject({ status: 'incomplete', balance: { failed: 0 } });
    expect(summary.balance.owed + summary.balance.cancelled + summary.balance.scored).toBe(60);
    expect(summary.stopped).toMatch(
      /^policy_model could not be reached for 1 s \(max_outage_seconds\): http:\S+: connection refused$/,
    );
    expect(summary.next).toMatch(
      /^Once it can be reached, run the same command again: it goes on with the \d+/,
    );
    await upstream.start();
    expect(await space.collect()).toMatchObject({ status: 'complete', balance: { scored: 60 } });
  });

  it('with max_outage_seconds=0 is too long at once', async () => {
    const upstream = await engine();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(10));
    const summary = await space.collect(['+max_outage_seconds=0']);
    expect(summary).toMatchObject({ status: 'incomplete', balance: { failed: 0, scored: 0 } });
  });

  it('ends at once at the first Ctrl-C: nothing is under way', async () => {
    const upstream = await engine();
    space = new Workspace(upstream.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(10));
    const drain = new AbortController();
    const running = space.collect([], { signals: { drain: drain.signal } });
    await until(() => types(space.events).includes('waiting'), running);
    drain.abort();
    expect(await running).toMatchObject({ status: 'interrupted', balance: { failed: 0, scored: 0 } });
  });
});

describe('a row that fails by its own fault', () => {
  it.each([
    ['500', 'status_500', 'server_error'],
    ['a reset', 'reset', 'connection_reset'],
  ])(
    'fails, though it fails as an endpoint would (%s), while others are scored',
    async (_name, fault, kind) => {
      const provider = await startProvider({
        latency: 20,
        faultFor: ({ prompt }) => (/Question (7|11):/.test(prompt) ? fault : undefined),
      });
      space = new Workspace(provider.baseUrl);
      space.writeRows('in.jsonl', mcqaRows(40));
      const model = 'policy_model.responses_api_models.inference_provider';
      try {
        const summary = await space.collect([`++${model}.max_attempts=3`, '+num_samples_in_parallel=8']);
        expect(summary).toMatchObject({ status: 'incomplete', balance: { scored: 38, failed: 2 } });
        expect(summary.agents[0]!.failures).toEqual({ [kind]: 2 });
        expect(types(space.events)).toEqual([]);
      } finally {
        await provider.close();
      }
    },
  );

  it('fails also when it is all that is left', async () => {
    const provider = await startProvider({
      faultFor: ({ prompt }) => (prompt.includes('Question') ? 'status_500' : undefined),
    });
    space = new Workspace(provider.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(2));
    const model = 'policy_model.responses_api_models.inference_provider';
    try {
      const summary = await space.collect([`++${model}.max_attempts=2`]);
      expect(summary).toMatchObject({ status: 'incomplete', balance: { scored: 0, failed: 2 } });
    } finally {
      await provider.close();
    }
  });
});

describe('several engines', () => {
  const MODEL = 'policy_model.responses_api_models.vllm_model';
  const vllm = (urls: readonly string[]): string[] => [
    '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/vllm_model/configs/vllm_model.yaml]',
    `++${MODEL}.base_url=[${urls.map((url) => `"${url}"`).join(',')}]`,
  ];
  /** Overrides of the workspace name another model type: those of vLLM come with configuration files of their own. */
  const collect = async (
    urls: readonly string[],
    more: string[] = ['+preflight=false'],
    options: Partial<CollectOptions> = {},
  ) => {
    const resolved = await loadConfig({
      cwd: space.dir,
      env: {},
      overrides: [
        ...vllm(urls),
        '+policy_base_url=unused',
        '+policy_api_key=test-key-0123456789',
        '+policy_model_name=fake-model',
        '+agent_name=mcqa_simple_agent',
        '+input_jsonl_fpath=in.jsonl',
        '+output_jsonl_fpath=out/r.jsonl',
        ...more,
      ],
    });
    space.events.length = 0;
    return collectRollouts(resolved, {
      cwd: space.dir,
      env: {},
      ...space.watching(),
      ...options,
    });
  };

  it('of which one is dead all along: all is scored, and the run is never out', async () => {
    const [live, dead] = [await engine('--latency', '5-20'), await engine()];
    await live.start();
    space = new Workspace();
    space.writeRows('in.jsonl', mcqaRows(60));
    const summary = await collect([live.baseUrl, dead.baseUrl], ['+preflight=true']);
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: 60, failed: 0 } });
    expect(types(space.events)).toEqual([]);
    const [warning, ...more] = space
      .notices()
      .filter((text) => text.includes('the first request did not work'));
    expect(warning).toContain(`127.0.0.1:${dead.port}`);
    expect(warning).toContain('going on with the others');
    expect(more).toEqual([]);
  });

  it('are looked at before the run, and none of them alive is an error', async () => {
    const [one, two] = [await engine(), await engine()];
    space = new Workspace();
    space.writeRows('in.jsonl', mcqaRows(2));
    const failure = await collect([one.baseUrl, two.baseUrl], ['+preflight=true']).catch(String);
    expect(failure).toContain(`127.0.0.1:${one.port}`);
    expect(failure).toContain(`127.0.0.1:${two.port}`);
    expect(space.notices()).toEqual([]);
  });

  it('of which one dies and comes back: what it had is moved, and it gets its share again', async () => {
    const [stays, leaves] = [await engine('--latency', '60-140'), await engine('--latency', '60-140')];
    await Promise.all([stays.start(), leaves.start()]);
    space = new Workspace();
    space.writeRows('in.jsonl', mcqaRows(900));
    const running = collect(
      [stays.baseUrl, leaves.baseUrl],
      ['+preflight=false', '+num_samples_in_parallel=16'],
    );
    await until(() => space.scored >= 50, running);
    await leaves.kill();
    await until(() => space.control!.status().endpoints.some(({ state }) => state === 'down'), running);
    expect(space.control!.status().waiting).toBeNull();
    const status = describeStatus(space.control!.status());
    expect(status).toMatch(new RegExp(`policy_model http://127.0.0.1:${stays.port}/v1: up, \\d+ of at most`));
    expect(status).toMatch(new RegExp(`policy_model http://127.0.0.1:${leaves.port}/v1: down for`));
    await leaves.start();
    const summary = await running;
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: 900, failed: 0 } });
    expect(types(space.events)).toEqual([]);
    expect(await leaves.requests()).toBeGreaterThan(10);
  });

  it('are out only when all of them are', async () => {
    const [one, two] = [await engine('--latency', '30-80'), await engine('--latency', '30-80')];
    await Promise.all([one.start(), two.start()]);
    space = new Workspace();
    space.writeRows('in.jsonl', mcqaRows(300));
    const running = collect([one.baseUrl, two.baseUrl], ['+preflight=false', '+num_samples_in_parallel=16']);
    await until(() => space.scored >= 30, running);
    await Promise.all([one.kill(), two.kill()]);
    await until(() => types(space.events).includes('waiting'), running);
    await two.start();
    expect(await running).toMatchObject({ status: 'complete', balance: { scored: 300, failed: 0 } });
  });
});

describe('fallbacks', () => {
  it('are out only when none of them can be reached, and whoever comes back first serves', async () => {
    const [first, second] = [await engine('--latency', '20-60'), await engine('--latency', '20-60')];
    await first.start();
    space = new Workspace(first.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(200));
    const model = 'policy_model.responses_api_models.inference_provider';
    const running = space.collect([
      `++${model}.fallbacks=[{base_url: "${second.baseUrl}"}]`,
      '+num_samples_in_parallel=8',
    ]);
    await until(() => space.scored >= 20, running);
    await first.kill();
    await until(() => types(space.events).includes('waiting'), running);
    await second.start();
    const summary = await running;
    expect(summary.agents[0]!.failures).toEqual({});
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: 200, failed: 0 } });
    expect(types(space.events)).toEqual(['waiting', 'resumed']);
  });
});
