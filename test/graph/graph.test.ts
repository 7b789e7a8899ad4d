import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import type { ConfigObject, ResolvedConfig } from '../../src/config/index.js';
import type { Graph, GraphServices } from '../../src/graph/index.js';
import { buildGraph, buildParts, inspectGraph } from '../../src/graph/index.js';
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

function load(initial: ConfigObject): Promise<ResolvedConfig> {
  return loadConfig({ cwd: import.meta.dirname, env: {}, overrides: [], initial });
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

  it('warns of misspelt keys of every part', async () => {
    const config = mcqa();
    Object.assign(config, {
      mcqa: {
        resources_servers: {
          mcqa: { domain: 'knowledge', entrypoint: 'app.py', grading_mod: 'lenient_boxed', mine: 1 },
        },
      },
    });
    const graph = await build(await load(config), ['agent']);
    expect(graph.warnings).toEqual([
      'mcqa: the key "grading_mod" means nothing to mcqa. Did you mean "grading_mode"?',
    ]);
    await graph.close();
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
});
