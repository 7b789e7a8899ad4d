import type { ResolvedConfig } from '../config/index.js';
import { buildGraph } from './build.js';
import { isForeign, NOWHERE, withStarted } from './foreign.js';
import { mentioned } from './references.js';
import { BUILT_IN } from './registries.js';
import { withStandIn } from './stand-in.js';
import type { Graph, GraphServices } from './types.js';

/**
 * As {@link buildGraph}, for verifying only: of the models only those that an environment asks (judges) are real.
 * Throws NgError.
 */
export function buildVerifiers(resolved: ResolvedConfig, services: GraphServices): Promise<Graph> {
  const judges = new Set(
    resolved.servers
      .filter(({ type }) => type === 'resources_servers')
      .flatMap(({ config }) => mentioned(config, 'responses_api_models')),
  );
  return buildGraph(
    withForeignAgentsElsewhere(resolved),
    services,
    withStandIn(BUILT_IN, ({ name }) => !judges.has(name)),
  );
}

/** Of agents that are not built in: they do not play, and need not run. */
function withForeignAgentsElsewhere(resolved: ResolvedConfig): ResolvedConfig {
  const foreign = resolved.servers.filter(
    (server) => server.type === 'responses_api_agents' && isForeign(server, resolved),
  );
  return withStarted(resolved, new Map(foreign.map(({ name }) => [name, [NOWHERE]])));
}

/** The environments by which these agents are verified: agents and their models need not be there. */
export function verifierNames(resolved: ResolvedConfig, agents: readonly string[]): string[] {
  const blocks = resolved.servers.filter(({ name }) => agents.includes(name));
  return blocks.flatMap(({ config }) => mentioned(config, 'resources_servers'));
}
