import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { placedAt, SERVER_TYPES } from '../config/index.js';
import { mentioned } from './references.js';
import { refuseUnknown } from './builder.js';
import { implementations, isElsewhere } from './registries.js';

/** Names of implementations or servers that run in Python although they are built in: `python_servers`. */
function forced({ values }: ResolvedConfig): ReadonlySet<unknown> {
  const { python_servers: names } = values;
  return new Set(Array.isArray(names) ? names : [names]);
}

/** A model that is not named, for commands that need none. */
const STAND_IN = 'dummy_model';

/**
 * Whether a block is a program of the reference, or of a user in its manner, that is started as a process: its
 * implementation is not built in, and the block does not say where it runs.
 */
export function isForeign(server: ServerInstance, resolved: ResolvedConfig): boolean {
  const { name, type, implementation } = server;
  if (isElsewhere(server) || implementation === STAND_IN) return false;
  const wanted = forced(resolved);
  if (type !== 'responses_api_models' && (wanted.has(name) || wanted.has(implementation))) return true;
  return !implementations.has(server);
}

/** The servers of these names and all that they refer to, at any depth, in the configuration's order. */
export function withReferences(resolved: ResolvedConfig, names: Iterable<string>): ServerInstance[] {
  const all = new Map(resolved.servers.map((server) => [server.name, server]));
  const found = new Set<string>();
  const follow = (name: string): void => {
    const server = all.get(name);
    if (server === undefined || found.has(name)) return;
    found.add(name);
    for (const type of SERVER_TYPES) mentioned(server.config, type).forEach(follow);
  };
  for (const name of names) follow(name);
  return resolved.servers.filter(({ name }) => found.has(name));
}

/** Names of agents that play in another program, or whose environment does: their own metrics are computed there. */
export function agentsElsewhere(resolved: ResolvedConfig): Set<string> {
  const away = (server: ServerInstance): boolean => isElsewhere(server) || isForeign(server, resolved);
  const environments = new Set(
    resolved.servers
      .filter((server) => server.type === 'resources_servers' && away(server))
      .map(({ name }) => name),
  );
  const agents = resolved.servers.filter(
    (server) =>
      server.type === 'responses_api_agents' &&
      (away(server) || mentioned(server.config, 'resources_servers').some((name) => environments.has(name))),
  );
  return new Set(agents.map(({ name }) => name));
}

/** Throws NgError for a foreign server whose program is nowhere. */
export function refuseForeign(resolved: ResolvedConfig, server: ServerInstance): never {
  refuseUnknown(resolved, server, implementations.names(server.type));
}

/** Stands for the address of a server that is not going to be asked. */
export const NOWHERE = 'http://127.0.0.1:1';

/** The configuration for work that asks none of the programs of others: they stand nowhere. */
export function withNothingStarted(resolved: ResolvedConfig): ResolvedConfig {
  const foreign = resolved.servers.filter((server) => isForeign(server, resolved));
  return withStarted(resolved, new Map(foreign.map(({ name }) => [name, [NOWHERE]])));
}

/** The configuration with the started servers at their addresses, one for each copy. */
export function withStarted(
  resolved: ResolvedConfig,
  started: ReadonlyMap<string, readonly string[]>,
): ResolvedConfig {
  const servers = resolved.servers.map((server): ServerInstance => {
    const urls = started.get(server.name);
    return urls === undefined ? server : placedAt(server, urls);
  });
  return { ...resolved, servers };
}
