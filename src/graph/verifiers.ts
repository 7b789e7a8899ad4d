import type { ResolvedConfig } from '../config/index.js';
import { buildGraph } from './build.js';
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
    resolved,
    services,
    withStandIn(BUILT_IN, ({ name }) => !judges.has(name)),
  );
}
