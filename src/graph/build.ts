import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { errors } from '../errors/index.js';
import type { Environment, Model } from '../protocol/index.js';
import { misspeltKeys } from './known-keys.js';
import { follow, mentioned, namesOf } from './references.js';
import type { Registries } from './registries.js';
import { BUILT_IN } from './registries.js';
import type { Cast, Graph, GraphServices } from './types.js';

/** Creates parts once each, by server name. */
class Builder {
  readonly models = new Map<string, Model>();
  readonly environments = new Map<string, Environment>();
  readonly warnings: string[] = [];

  constructor(
    private readonly resolved: ResolvedConfig,
    private readonly services: GraphServices,
    private readonly registries: Registries,
  ) {}

  async cast(agentName: string): Promise<Cast> {
    const server = this.agentServer(agentName);
    const type = this.registries.agent(server.implementation);
    if (type === undefined) throw notBuiltIn(server, this.registries.agents);
    this.warn(server, type.configKeys);
    const model = await this.model(follow(this.resolved, server, 'model_server', 'responses_api_models'));
    const environment = await this.environment(
      follow(this.resolved, server, 'resources_server', 'resources_servers'),
    );
    return {
      agent: type.create(server.name, server.config, { clock: this.services.clock }),
      model,
      environment,
    };
  }

  private agentServer(name: string): ServerInstance {
    const found = this.resolved.servers.find(
      (server) => server.name === name && server.type === 'responses_api_agents',
    );
    if (found !== undefined) return found;
    throw errors.unknownAgent(name, namesOf(this.resolved, 'responses_api_agents'));
  }

  private async model(server: ServerInstance): Promise<Model> {
    const known = this.models.get(server.name);
    if (known !== undefined) return known;
    const type = await this.registries.model(server.implementation);
    if (type === undefined) throw notBuiltIn(server, this.registries.models);
    this.warn(server, type.knownKeys);
    const { notify, retryBudget, ...services } = this.services;
    const model = await type.create(server.name, server.config, {
      clock: services.clock,
      random: () => services.random(),
      redactor: services.redactor,
      roots: this.resolved.roots,
      ...(notify === undefined ? {} : { notify }),
      ...(retryBudget === undefined ? {} : { retryBudget }),
    });
    this.models.set(server.name, model);
    return model;
  }

  private async environment(server: ServerInstance): Promise<Environment> {
    const known = this.environments.get(server.name);
    if (known !== undefined) return known;
    const definition = await this.registries.environment(server, this.resolved);
    if (definition === undefined) throw notBuiltIn(server, this.registries.environments);
    this.warn(server, definition.configKeys);
    await this.judges(server);
    const environment = definition.create(server.name, server.config, {
      clock: this.services.clock,
      random: () => this.services.random(),
      model: (name) => {
        const model = this.models.get(name);
        if (model === undefined)
          throw errors.unknownReference(server.name, 'model', name, [...this.models.keys()]);
        return model;
      },
    });
    this.environments.set(server.name, environment);
    return environment;
  }

  /** The models that an environment's block names must be there before it asks for them. */
  private async judges(server: ServerInstance): Promise<void> {
    for (const name of mentioned(server.config, 'responses_api_models')) {
      const found = this.resolved.servers.find(
        (candidate) => candidate.name === name && candidate.type === 'responses_api_models',
      );
      if (found !== undefined) await this.model(found);
    }
  }

  private warn(server: ServerInstance, knownKeys: readonly string[]): void {
    this.warnings.push(...misspeltKeys(server, knownKeys));
  }
}

function notBuiltIn(server: ServerInstance, known: readonly string[]): Error {
  const url = server.config.base_url;
  if (typeof url === 'string') return errors.remoteNotSupported(server.name, url);
  return errors.notBuiltIn(server.name, server.type, server.implementation, known);
}

/**
 * Makes the parts that the named agents need, and nothing else; no connection is opened. Throws NgError for what
 * the configuration gets wrong, for implementations that are not built in among it.
 */
export async function buildGraph(
  resolved: ResolvedConfig,
  services: GraphServices,
  registries: Registries = BUILT_IN,
): Promise<Graph> {
  const builder = new Builder(resolved, services, registries);
  const casts = new Map<string, Cast>();
  const close = async (): Promise<void> => {
    await Promise.all([...builder.models.values()].map((model) => model.close()));
  };
  try {
    for (const name of services.agents) casts.set(name, await builder.cast(name));
  } catch (error) {
    await close();
    throw error;
  }
  const taking = new Set([...casts.keys(), ...builder.models.keys(), ...builder.environments.keys()]);
  return {
    servers: resolved.servers.filter(({ name }) => taking.has(name)).map(({ name }) => name),
    warnings: builder.warnings,
    close,
    cast: (agent) => {
      const found = casts.get(agent);
      if (found === undefined) throw errors.unknownAgent(agent, [...casts.keys()]);
      return found;
    },
  };
}
