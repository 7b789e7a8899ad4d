import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import type { ConfigObject, LoadOptions, ResolvedConfig } from '../../src/config/index.js';
import type { Graph, GraphServices } from '../../src/graph/index.js';
import { buildGraph, buildParts, implementations, inspectGraph } from '../../src/graph/index.js';
import { createRedactor, systemClock } from '../../src/transport/index.js';

const services = { clock: systemClock, random: () => 0.5, redactor: createRedactor() };

const mcqa = (extra: ConfigObject = {}): ConfigObject => ({
  mcqa: { resources_servers: { mcqa: { domain: 'knowledge', entrypoint: 'app.py', grading_mode: null } } },
  agent: {
    responses_api_agents: {
      simple_agent: {
        entrypoint: 'app.py',
        resources_server: { type: 'resources_servers', name: 'mcqa' },
        model_server: { type: 'responses_api_models', name: 'policy_model' },
      },
    },
  },
  policy_model: {
    responses_api_models: {
      inference_provider: {
        entrypoint: 'app.py',
        base_url: 'http://127.0.0.1:9/v1',
        api_key: 'k',
        model: 'm',
      },
    },
  },
  ...extra,
});

function load(initial: ConfigObject, more: Partial<LoadOptions> = {}): Promise<ResolvedConfig> {
  return loadConfig({ cwd: import.meta.dirname, env: {}, overrides: [], initial, ...more });
}

function build(resolved: ResolvedConfig, agents: string[]): Promise<Graph> {
  const all: GraphServices = { ...services, agents };
  return buildGraph(resolved, all);
}

const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => String(error),
  );

describe('buildGraph', () => {
  it('makes what the agents refer to, and nothing else', async () => {
    const resolved = await load(
      mcqa({
        unused: {
          resources_servers: { not_built_in_anywhere: { domain: 'knowledge', entrypoint: 'app.py' } },
        },
      }),
    );
    const graph = await build(resolved, ['agent']);
    const { agent, model, environment } = graph.cast('agent');
    expect([agent.name, model.name, model.modelId, environment.name]).toEqual([
      'agent',
      'policy_model',
      'm',
      'mcqa',
    ]);
    expect([...graph.servers].sort()).toEqual(['agent', 'mcqa', 'policy_model']);
    expect(graph.warnings).toEqual([]);
    await graph.close();
    await graph.close();
  });

  it('suggests the agent that was meant', async () => {
    const message = await errorOf(build(await load(mcqa()), ['agnt']));
    expect(message).toContain('There is no agent "agnt" in the configuration. Did you mean "agent"?');
  });

  it('says of an implementation that is not built in how it can be reached', async () => {
    const resolved = await load(
      mcqa({ mcqa: { resources_servers: { mcqa_pro: { domain: 'knowledge', entrypoint: 'app.py' } } } }),
    );
    const message = await errorOf(build(resolved, ['agent']));
    expect(message).toContain(
      '"mcqa" needs the environment "mcqa_pro", which is not built in. Did you mean "mcqa"?',
    );
    expect(message).toContain('++mcqa.resources_servers.mcqa_pro.base_url=http://<host>:<port>');
  });

  it('reaches an agent elsewhere without a model or an environment of ours', async () => {
    const resolved = await load({
      agent: {
        responses_api_agents: { someones_agent: { entrypoint: 'app.py', base_url: 'http://127.0.0.1:9' } },
      },
    });
    const graph = await build(resolved, ['agent']);
    expect(graph.servers).toEqual(['agent']);
    expect(() => graph.cast('other')).toThrow('no agent "other"');
    await graph.close();
  });
});

describe('keys that mean nothing', () => {
  const withKeys = (name: string, more: ConfigObject): ConfigObject => {
    const config = mcqa();
    const [[type, group]] = Object.entries(config[name] as ConfigObject) as [[string, ConfigObject]];
    const [[implementation, block]] = Object.entries(group) as [[string, ConfigObject]];
    return { ...config, [name]: { [type]: { [implementation]: { ...block, ...more } } } };
  };

  it.each([
    [
      'mcqa',
      { verify_timeout_second: 3 },
      '"verify_timeout_second" means nothing to mcqa. Did you mean "verify_timeout_seconds"?',
    ],
    ['agent', { max_stps: 3 }, '"max_stps" means nothing to simple_agent. Did you mean "max_steps"?'],
    ['policy_model', { uses_reasoning_parsr: true }, 'Did you mean "uses_reasoning_parser"?'],
    ['policy_model', { extra_bdy: {} }, 'Did you mean "extra_body"?'],
    ['policy_model', { num_concurrent_request: 3 }, 'Did you mean "num_concurrent_requests"?'],
  ])('are refused in %s where they are slips of the pen: %j', async (name, more, words) => {
    expect(await errorOf(build(await load(withKeys(name, more)), ['agent']))).toContain(words);
  });

  it('are told of a model, and pass in an environment, where they are somebody else’s', async () => {
    const warnings = async (name: string, more: ConfigObject): Promise<readonly string[]> => {
      const graph = await build(await load(withKeys(name, more)), ['agent']);
      await graph.close();
      return graph.warnings;
    };
    expect(await warnings('mcqa', { mine: 1 })).toEqual([]);
    expect(await warnings('policy_model', { mine: 1, hf_home: null })).toEqual([
      'policy_model: the keys "mine", "hf_home" mean nothing to inference_provider here.',
    ]);
    expect(await warnings('policy_model', { max_http_attempts: 1 })).toEqual([
      'policy_model: the key "max_http_attempts" means nothing to inference_provider. Did you mean "max_attempts"?',
    ]);
  });
});

describe('a model server of a type that is not built in', () => {
  const far = { base_url: 'http://127.0.0.1:9' };
  const asked = async (type: string, block: ConfigObject): Promise<string> => {
    const resolved = await load(mcqa({ policy_model: { responses_api_models: { [type]: block } } }));
    const findings = await inspectGraph(resolved);
    const built = await errorOf(build(resolved, ['agent']).then((graph) => graph.close()));
    expect(findings.map(({ message }) => message)).toEqual(
      built === 'no error' ? [] : [expect.stringContaining(built.split('\n')[0]!) as string],
    );
    return built;
  };

  it.each(['openrouter', 'nvidia_nim', 'nim_model', 'inference_providr', 'vllm_model_with_compaction'])(
    'is refused with a key of a provider: %s',
    async (type) => {
      const message = await asked(type, {
        entrypoint: 'app.py',
        ...far,
        api_key: 'k-not-to-be-shown',
        model: 'm',
      });
      expect(message).toContain(`of the type "${type}", which is not built in`);
      expect(message).toContain('inference_provider speaks Chat Completions');
      expect(message).toContain('remove api_key');
      expect(message).not.toContain('k-not-to-be-shown');
    },
  );

  it('is refused with a name that is nearly one of ours, whatever its keys', async () => {
    expect(await asked('inference_providr', { entrypoint: 'app.py', ...far })).toContain(
      'Did you mean "inference_provider"?',
    );
  });

  it.each([
    ['someones_model', far],
    ['someones_model', { ...far, server_token: 'token-1234' }],
    ['local_vllm_model', { ...far, model: 'm', vllm_serve_kwargs: {} }],
  ])('is a model server elsewhere with an address alone: %s %j', async (type, block) => {
    expect(await asked(type, { entrypoint: 'app.py', ...block })).toBe('no error');
  });
});

describe('what runs here', () => {
  const bare = (config: ConfigObject): ConfigObject =>
    JSON.parse(JSON.stringify(config), (key, value: unknown) =>
      key === 'entrypoint' || key === 'domain' ? undefined : value,
    ) as ConfigObject;

  it('needs neither entrypoint nor domain', async () => {
    const far = { base_url: 'http://127.0.0.1:9' };
    const config = bare(mcqa({ far: { resources_servers: { of_somebody: far } } }));
    const resolved = await load(config, { implementations });
    expect(resolved.servers.map(({ name }) => name)).toEqual(['mcqa', 'agent', 'policy_model', 'far']);
    expect(resolved.warnings).toEqual([]);
    const graph = await build(resolved, ['agent']);
    await graph.close();
    expect((await load(config)).servers).toEqual([]);
  });

  it('includes a file of the user’s without a domain', async () => {
    const block = { resources_servers: { mine: { entrypoint: 'mine.ts' } } };
    expect((await load({ mine: block }, { implementations })).servers).toHaveLength(1);
  });

  it('a block whose code is nowhere is named, and one that is misspelt is refused', async () => {
    const block = { max_steps: 3 };
    const left = await load(
      { mine: { responses_api_agents: { some_agent_of_mine: block } } },
      { implementations },
    );
    expect(left.servers).toEqual([]);
    expect(left.warnings).toEqual([
      'default: mine.responses_api_agents.some_agent_of_mine is left out: its type is not built in, and it has no "entrypoint".',
    ]);
    const slip = load({ mine: { responses_api_agents: { simple_agnt: block } } }, { implementations });
    expect(await errorOf(slip)).toContain('is of a type that is not built in. Did you mean "simple_agent"');
  });
});

describe('buildParts', () => {
  it('makes every part that does not run elsewhere', async () => {
    const parts = await buildParts(
      await load(
        mcqa({
          far: {
            resources_servers: {
              anything: { domain: 'knowledge', entrypoint: 'app.py', base_url: 'http://127.0.0.1:9' },
            },
          },
        }),
      ),
      services,
    );
    expect([...parts.models.keys()]).toEqual(['policy_model']);
    expect([...parts.environments.keys()]).toEqual(['mcqa']);
    expect([...parts.casts.keys()]).toEqual(['agent']);
    await parts.close();
  });
});

describe('inspectGraph', () => {
  it('finds what is wrong with each agent without starting anything', async () => {
    const resolved = await load(
      mcqa({
        second: {
          responses_api_agents: {
            nobody_has_this: {
              entrypoint: 'app.py',
              resources_server: { type: 'resources_servers', name: 'mcqa' },
              model_server: { type: 'responses_api_models', name: 'policy_model' },
            },
          },
        },
      }),
    );
    const findings = await inspectGraph(resolved);
    expect(findings).toMatchObject([{ server: 'second', level: 'error' }]);
    expect(findings[0]!.message).toContain('"nobody_has_this", which is not built in');
  });

  it('finds unknown types that no agent refers to, and says where they are', async () => {
    const resolved = await load(
      mcqa({ unused: { resources_servers: { mcqaa: { domain: 'other', entrypoint: 'app.py' } } } }),
    );
    expect(await inspectGraph(resolved)).toMatchObject([
      {
        server: 'unused',
        level: 'error',
        message: '"unused" needs the environment "mcqaa", which is not built in. Did you mean "mcqa"?',
      },
    ]);
  });
});
