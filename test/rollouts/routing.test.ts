import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigObject, ResolvedConfig, ServerInstance } from '../../src/config/index.js';
import type { ExpandOptions } from '../../src/rollouts/dataset/expand.js';
import { Materializer } from '../../src/rollouts/dataset/materializer.js';
import { agentMapOf, playingAgents } from '../../src/rollouts/dataset/routing.js';
import { sourceAgents } from '../../src/rollouts/dataset/task-source.js';
import { readParameters } from '../../src/rollouts/parameters.js';
import { conformanceMissing, conformanceRows } from '../support/conformance.js';
import { Workspace } from './workspace.js';

let space: Workspace;
beforeEach(() => (space = new Workspace()));
afterEach(() => space.remove());

/** What a collection with these parameters and servers plans for these lines. */
async function plan(lines: readonly string[], given: object, config: ConfigObject = {}) {
  const resolved = {
    values: { input_jsonl_fpath: 'in.jsonl', output_jsonl_fpath: 'out.jsonl', ...given },
    servers: serversOf(config),
    origin: () => undefined,
  } as unknown as ResolvedConfig;
  const parameters = readParameters(resolved, { split: false });
  const options: ExpandOptions = {
    routing: {
      agentMap: agentMapOf(parameters.agentName, parameters.agentMap),
      fanOut: parameters.fanOut,
      agentOfSource: sourceAgents(resolved),
    },
    numRepeats: parameters.numRepeats,
    addSeed: parameters.addSeed,
    requestOverrides: parameters.requestOverrides,
    template: null,
    skillsRef: null,
  };
  const input = space.write('in.jsonl', lines.map((line) => `${line}\n`).join(''));
  const target = space.file('planned.jsonl');
  const made = await Materializer.open({ input, target, limit: parameters.limit, expand: options });
  try {
    await made.block(lines.length + 1);
    made.check();
    await made.commit();
  } catch (error) {
    await made.abandon();
    throw error;
  }
  const planned = readFileSync(space.file('planned.jsonl'), 'utf8').trimEnd().split('\n');
  return { planned, made };
}

const TYPES = ['responses_api_models', 'resources_servers', 'responses_api_agents'] as const;

function serversOf(config: ConfigObject): ServerInstance[] {
  return Object.entries(config).flatMap(([name, block]) =>
    TYPES.flatMap((type) => {
      const implementations = Object.entries(((block as ConfigObject)[type] ?? {}) as ConfigObject);
      return implementations.map(([implementation, inner]) => ({
        name,
        type,
        implementation,
        config: inner as ConfigObject,
      }));
    }),
  );
}

interface Case {
  name: string;
  config: ConfigObject;
  input_lines: string[] | null;
  options: ConfigObject;
  expected: { ok: boolean; message?: string; error?: string; materialized_inputs: string[] | null };
}

/** Parameters of the collector that say who plays what, and how often. */
const OURS = new Set(['agent_name', 'agent_map', 'fan_out', 'num_repeats', 'num_samples_in_parallel']);
/** Those that change nothing about the plan. */
const ELSEWHERE = new Set(['disable_health_check']);

/** Cases about who plays: given by parameters of ours, or by a task's source. */
function isAboutRouting({ options, input_lines: lines, expected }: Case): boolean {
  const known = Object.keys(options).every((key) => OURS.has(key) || ELSEWHERE.has(key));
  const routed = ['agent_name', 'agent_map', 'fan_out'].some((key) => key in options);
  const repeats = typeof options['num_repeats'] === 'object';
  const sources = lines?.some((line) => line.includes('task_source')) === true;
  // Agents that the configuration lacks are refused when they are to be started, not when rows are planned.
  const unknown = expected.message?.includes('not present in the running config') === true;
  return known && lines !== null && !unknown && (routed || repeats || sources);
}

describe.skipIf(conformanceMissing)('the plans of the reference, 0.7.0', () => {
  const cases = conformanceRows<Case>('gym-0.7', 'collect.jsonl').filter(isAboutRouting);
  it('has the rows', () => {
    expect(cases.length).toBeGreaterThan(15);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const planning = plan(one.input_lines!, one.options, one.config);
    if (one.expected.ok) expect((await planning).planned).toEqual(one.expected.materialized_inputs);
    else await expect(planning).rejects.toThrow();
  });
});

const row = (keys: object): string => JSON.stringify({ responses_create_params: { input: 'hi' }, ...keys });
const ref = (name: string): object => ({ agent_ref: { type: 'responses_api_agents', name } });
const agents = (planned: readonly string[]): unknown[] =>
  planned.map((line) => (JSON.parse(line) as { agent_ref: unknown }).agent_ref);

describe('who plays a row', () => {
  it('agent_name routes every row, and says from which agents', async () => {
    const lines = [row(ref('a')), row({}), row({ ...ref('b'), q: 1 }), row({ ...ref('b'), q: 2 })];
    const { planned, made } = await plan(lines, { agent_name: 'b' });
    expect(agents(planned)).toEqual([{ name: 'b' }, { name: 'b' }, { name: 'b' }, { name: 'b' }]);
    expect(made.agents).toEqual({ b: 4 });
    expect([...made.router.rerouted]).toEqual([['a → b', 1]]);
  });

  it('agent_map comes before agent_name, and leaves other rows alone without it', async () => {
    const lines = [row(ref('a')), row(ref('b')), row({ task_source: 's' })];
    const both = await plan(lines, { agent_name: 'x', agent_map: { a: 'y', s: 'z' } });
    expect(agents(both.planned)).toEqual([{ name: 'y' }, { name: 'x' }, { name: 'z' }]);
    const alone = await plan(lines.slice(0, 2), { agent_map: { a: 'y' } });
    expect(agents(alone.planned)).toEqual([{ name: 'y' }, { type: 'responses_api_agents', name: 'b' }]);
  });

  it('fan_out plays a row once per agent, whatever agent_map says, each with repeats of its own', async () => {
    const { planned } = await plan([row(ref('a'))], {
      fan_out: { a: ['a', 'b'] },
      agent_map: { a: 'c' },
      num_repeats: { a: 1, b: 2 },
    });
    expect(planned.map((line) => JSON.parse(line) as object)).toMatchObject([
      { agent_ref: { name: 'a' }, _ng_task_index: 0, _ng_rollout_index: 0 },
      { agent_ref: { name: 'b' }, _ng_task_index: 0, _ng_rollout_index: 1 },
      { agent_ref: { name: 'b' }, _ng_task_index: 0, _ng_rollout_index: 2 },
    ]);
    const kept = await plan([row(ref('a'))], { fan_out: { a: ['a', 'b'] } });
    expect(agents(kept.planned)).toEqual([{ type: 'responses_api_agents', name: 'a' }, { name: 'b' }]);
  });

  it.each([
    [{ agent_name: 'a', agent_map: { _default: 'b' } }, 'agent_name and agent_map._default'],
    [{ agent_map: ['a'] }, 'agent_map: must be {<agent or task_source of the rows>: <agent>'],
    [{ agent_map: { a: 1 } }, 'agent_map.a: must be text'],
    [{ fan_out: { a: [] } }, 'fan_out.a: is an empty list'],
    [{ fan_out: { a: ['b', 'b'] } }, 'fan_out.a: names an agent twice'],
    [{ fan_out: { a: 'b' } }, 'fan_out.a: must be a list of agents'],
  ])('refuses %j', async (given, words) => {
    await expect(plan([row(ref('a'))], given)).rejects.toThrow(words);
  });

  it.each([
    [{ agent_ref: 'a' }, '"agent_ref" is not an object'],
    [{ agent_ref: { name: 5 } }, '"agent_ref.name" is not text'],
    [{ agent_ref: {} }, 'no "agent_ref" and no "task_source", and no default agent was given (--agent)'],
    [{ task_source: 5 }, '"task_source" is not text'],
    [{ task_source: 'mat' }, 'there is no such server. Did you mean "m'],
    [{ task_source: 'math' }, 'several agents use it (one, two). "+agent_map={math: <agent>}"'],
    [{ task_source: 'm' }, 'a model'],
    [{ task_source: 'lone' }, 'no agent uses it'],
  ])('says why it cannot tell: %j', async (keys, words) => {
    const agent = { responses_api_agents: { simple_agent: { resources_server: { name: 'math' } } } };
    const config = {
      math: { resources_servers: { thing: {} } },
      lone: { resources_servers: { thing: {} } },
      one: agent,
      two: agent,
      m: { responses_api_models: { openai_model: {} } },
    };
    await expect(plan([row(keys)], {}, config)).rejects.toThrow(words);
  });

  it('a source is played by the agent that its dataset asks for, or by itself', async () => {
    const agent = { responses_api_agents: { simple_agent: { resources_server: { name: 'math' } } } };
    const config = {
      math: {
        resources_servers: { thing: { datasets: [{ agent: 'two' }, { agent: 'two' }, { agent: null }] } },
      },
      one: agent,
      two: agent,
    };
    const { planned } = await plan([row({ task_source: 'math' }), row({ task_source: 'one' })], {}, config);
    expect(agents(planned)).toEqual([{ name: 'two' }, { name: 'one' }]);
  });

  it('knows all who can play before the rows are read, if the rest of the rows has a default', () => {
    const routing = { agentMap: { a: 'x' }, fanOut: { b: ['y', 'z'] } };
    expect(playingAgents(routing, null)).toBeNull();
    expect(playingAgents(routing, new Set(['a', 'b']))).toEqual(new Set(['a', 'b', 'x', 'y', 'z']));
    const whole = { ...routing, agentMap: { a: 'x', _default: 'd' } };
    expect(playingAgents(whole, new Set(['a']))).toEqual(new Set(['x', 'd', 'y', 'z']));
  });
});
