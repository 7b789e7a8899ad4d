import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import type { EnvironmentDefinition } from '../environments/index.js';
import { errors } from '../errors/index.js';
import type { Environment } from '../protocol/index.js';
import { Builder } from './builder.js';
import { serverOf } from './references.js';
import type { Registries } from './registries.js';
import { BUILT_IN, isElsewhere } from './registries.js';
import type { Graph, GraphServices, Parts } from './types.js';

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
  try {
    for (const name of services.agents) {
      await builder.cast(serverOf(resolved, name, 'responses_api_agents'));
    }
  } catch (error) {
    await builder.close();
    throw error;
  }
  const { agents, models, environments, casts, warnings } = builder;
  const taking = new Set([...agents.keys(), ...models.keys(), ...environments.keys()]);
  return {
    models: [...models.values()],
    reaches: builder.reaches(),
    servers: resolved.servers.filter(({ name }) => taking.has(name)).map(({ name }) => name),
    warnings,
    close: () => builder.close(),
    cast: (agent) => {
      const found = casts.get(agent);
      if (found === undefined) throw errors.unknownServer(agent, 'responses_api_agents', [...casts.keys()]);
      return found;
    },
  };
}

/**
 * Makes every part of a configuration that does not run elsewhere, or of these only those that `wanted` says. Throws as
 * {@link buildGraph}.
 */
export async function buildParts(
  resolved: ResolvedConfig,
  services: Omit<GraphServices, 'agents'>,
  wanted: (server: ServerInstance) => boolean = () => true,
  registries: Registries = BUILT_IN,
): Promise<Parts> {
  const builder = new Builder(resolved, services, registries);
  const here = resolved.servers.filter((server) => !isElsewhere(server) && wanted(server));
  try {
    for (const server of here) {
      if (server.type === 'responses_api_models') await builder.model(server);
      else if (server.type === 'resources_servers') await builder.environment(server);
      else await builder.cast(server);
    }
  } catch (error) {
    await builder.close();
    throw error;
  }
  const names = new Set(here.map(({ name }) => name));
  const local = <Part>(parts: ReadonlyMap<string, Part>): Map<string, Part> =>
    new Map([...parts].filter(([name]) => names.has(name)));
  return {
    models: local(builder.models),
    environments: local(builder.environments),
    casts: local(builder.casts),
    warnings: builder.warnings,
    close: () => builder.close(),
  };
}

/** Makes one environment, wherever it runs, and the models that it asks. Throws as {@link buildGraph}. */
export async function buildEnvironment(
  resolved: ResolvedConfig,
  services: Omit<GraphServices, 'agents'>,
  name: string,
): Promise<{ environment: Environment; close: () => Promise<void> }> {
  const builder = new Builder(resolved, services, BUILT_IN);
  try {
    const environment = await builder.environment(serverOf(resolved, name, 'resources_servers'));
    return { environment, close: () => builder.close() };
  } catch (error) {
    await builder.close();
    throw error;
  }
}

/** What defines an environment of the configuration; undefined where that is not built in, nor a file of the user's. */
export function definitionOf(
  resolved: ResolvedConfig,
  server: ServerInstance,
): Promise<EnvironmentDefinition | undefined> {
  return BUILT_IN.environment(server, resolved);
}
