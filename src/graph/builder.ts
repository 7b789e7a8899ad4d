import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { spreadAgent } from '../agents/index.js';
import type { EnvironmentServices } from '../environments/index.js';
import { spreadEnvironment, withMcpTools } from '../environments/index.js';
import { errors, NgError } from '../errors/index.js';
import type { Agent, Environment, Model, Reach } from '../protocol/index.js';
import { absentEnvironment, absentModel } from './absent.js';
import { countingUse, tellingUse } from './judged.js';
import { checkKeys } from './known-keys.js';
import { follow, mentioned, serverOf } from './references.js';
import type { Registries } from './registries.js';
import { isElsewhere, providerKeys } from './registries.js';
import type { Cast, GraphServices } from './types.js';

/** Throws NgError: nothing here can be that server. */
export function refuseUnknown(
  resolved: ResolvedConfig,
  server: ServerInstance,
  known: readonly string[],
): never {
  const { name, type, implementation } = server;
  const where = resolved.origin(`${name}.${type}.${implementation}`);
  if (type === 'responses_api_models') {
    const keys = providerKeys(server);
    if (typeof server.config['base_url'] === 'string' && keys.length > 0) {
      throw errors.unknownProviderType(name, implementation, keys, known, where);
    }
  }
  throw errors.notBuiltIn(name, type, implementation, known, where);
}

/** Creates parts, once each, when they are first asked for. Throws NgError for what the configuration gets wrong. */
export class Builder {
  readonly casts = new Map<string, Cast>();
  readonly agents = new Map<string, Agent>();
  readonly models = new Map<string, Model>();
  readonly environments = new Map<string, Environment>();
  readonly warnings: string[] = [];

  constructor(
    private readonly resolved: ResolvedConfig,
    private readonly services: Omit<GraphServices, 'agents'>,
    private readonly registries: Registries,
  ) {}

  async cast(server: ServerInstance): Promise<Cast> {
    const known = this.casts.get(server.name);
    if (known !== undefined) return known;
    const agent = this.agent(server);
    const cast = isElsewhere(server)
      ? { agent, model: absentModel(server.name), environment: await this.declarations(server) }
      : {
          agent,
          model: await this.modelOf(server),
          environment: await this.environmentOf(server),
        };
    this.casts.set(server.name, cast);
    return cast;
  }

  async model(server: ServerInstance): Promise<Model> {
    const known = this.models.get(server.name);
    if (known !== undefined) return known;
    const type = await this.registries.model(server);
    if (type === undefined) refuseUnknown(this.resolved, server, this.registries.models);
    this.checkKeys(server, type.knownKeys);
    const { clock, random, redactor, notify, newRetryBudget, outage, tape, platform, onUsed } = this.services;
    const made = await type.create(server.name, this.block(server), {
      clock,
      random,
      redactor,
      roots: this.resolved.roots,
      ...(notify === undefined ? {} : { notify }),
      ...(newRetryBudget === undefined ? {} : { newRetryBudget }),
      ...(outage === undefined ? {} : { outage }),
      ...(tape === undefined ? {} : { tape }),
      ...(platform === undefined ? {} : { platform }),
    });
    const model = onUsed === undefined ? made : countingUse(made, onUsed);
    this.models.set(server.name, model);
    return model;
  }

  async environment(server: ServerInstance): Promise<Environment> {
    const known = this.environments.get(server.name);
    if (known !== undefined) return known;
    const definition = await this.registries.environment(server, this.resolved);
    if (definition === undefined) refuseUnknown(this.resolved, server, this.registries.environments);
    this.checkKeys(server, definition.configKeys, definition.closedConfig === true);
    // The models that the block names must be there before the environment asks for them.
    for (const name of mentioned(server.config, 'responses_api_models')) {
      await this.model(serverOf(this.resolved, name, 'responses_api_models'));
    }
    const { clock, random, notify, outage, stored } = this.services;
    const offered: EnvironmentServices = {
      clock,
      random,
      ...(stored !== undefined && { stored }),
      roots: this.resolved.roots,
      ...(notify !== undefined && { notify }),
      ...(outage === undefined ? {} : { outage }),
      model: (name) => {
        const model = this.models.get(name);
        if (model !== undefined) return tellingUse(model);
        throw errors.unknownReference(server.name, 'model', name, [...this.models.keys()]);
      },
    };
    const copies = this.blocks(server).map((block) => definition.create(server.name, block, offered));
    const made = await spreadEnvironment(copies);
    const { mcp_server: mcp } = server.config;
    const environment = mcp == null ? made : await withMcpTools(made, mcp);
    this.environments.set(server.name, environment);
    return environment;
  }

  /** Everything made so far that is reached over the network, by the name of its server. */
  reaches(): Map<string, Reach> {
    const parts = [...this.models, ...this.environments, ...this.agents];
    return new Map(parts.flatMap(([name, { reach }]) => (reach === undefined ? [] : [[name, reach]])));
  }

  /** Releases every part made so far. */
  async close(): Promise<void> {
    await Promise.all([
      ...[...this.models.values()].map((model) => model.close()),
      ...[...this.environments.values()].map((environment) => environment.dispose?.()),
      ...[...this.agents.values()].map((agent) => agent.dispose?.()),
    ]);
  }

  private agent(server: ServerInstance): Agent {
    const type = this.registries.agent(server);
    if (type === undefined) refuseUnknown(this.resolved, server, this.registries.agents);
    this.checkKeys(server, type.configKeys);
    const { clock, random, outage } = this.services;
    const offered = { clock, random, ...(outage === undefined ? {} : { outage }) };
    const copies = this.blocks(server).map((block) => type.create(server.name, block, offered));
    const agent = copies.length === 1 ? copies[0]! : spreadAgent(copies);
    this.agents.set(server.name, agent);
    return agent;
  }

  private async modelOf(agent: ServerInstance): Promise<Model> {
    if (this.registries.agent(agent)?.bringsModel === true) return absentModel(agent.name);
    return this.model(follow(this.resolved, agent, 'model_server', 'responses_api_models'));
  }

  private environmentOf(agent: ServerInstance): Promise<Environment> {
    return this.environment(follow(this.resolved, agent, 'resources_server', 'resources_servers'));
  }

  /** An agent that plays elsewhere needs no environment here; if there is one, its metrics are used. */
  private async declarations(agent: ServerInstance): Promise<Environment> {
    try {
      return await this.environmentOf(agent);
    } catch (error) {
      if (error instanceof NgError) return absentEnvironment(agent.name);
      throw error;
    }
  }

  /** The block that a part is made from; the run's token goes with those that are elsewhere. */
  private block(server: ServerInstance): ServerInstance['config'] {
    const { server_token: token } = this.resolved.values;
    if (!isElsewhere(server) || token === undefined) return server.config;
    return { server_token: token, ...server.config };
  }

  /** One for each process that was started for the block. */
  private blocks(server: ServerInstance): ServerInstance['config'][] {
    const block = this.block(server);
    return server.started?.map((url) => ({ ...block, base_url: url })) ?? [block];
  }

  /** A block that places its server elsewhere may hold keys which only that server knows. */
  private checkKeys(server: ServerInstance, known: readonly string[], closed = true): void {
    if (!isElsewhere(server)) this.warnings.push(...checkKeys(this.resolved, server, known, closed));
  }
}
