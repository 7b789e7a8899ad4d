import type { ResolvedConfig } from '../config/index.js';
import { NgError } from '../errors/index.js';
import type { Environment } from '../protocol/index.js';
import { createRedactor, systemClock } from '../transport/index.js';
import { buildGraph } from './build.js';
import { BUILT_IN } from './registries.js';
import { withStandIn } from './stand-in.js';

/**
 * The environment of each agent, by the agent's name, for work on stored rollouts: no model is made. Agents whose
 * environment is not built in are left out.
 */
export async function agentEnvironments(resolved: ResolvedConfig): Promise<Map<string, Environment>> {
  const environments = new Map<string, Environment>();
  for (const { name, type } of resolved.servers) {
    if (type !== 'responses_api_agents') continue;
    try {
      const graph = await buildGraph(
        resolved,
        {
          clock: systemClock,
          random: Math.random,
          agents: [name],
          stored: true,
          redactor: createRedactor(resolved.namedSecrets()),
        },
        withStandIn(BUILT_IN, () => true),
      );
      environments.set(name, graph.cast(name).environment);
    } catch (error) {
      if (!(error instanceof NgError)) throw error;
    }
  }
  return environments;
}
