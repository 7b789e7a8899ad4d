import { AGENT_TYPES, remoteAgent } from '../agents/index.js';
import type { AgentType } from '../agents/index.js';
import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import type { EnvironmentDefinition } from '../environments/index.js';
import { environmentNames, loadEnvironment, remoteEnvironment } from '../environments/index.js';
import type { ModelType } from '../models/index.js';
import { MODEL_TYPES, remoteModel } from '../models/index.js';

/** Where implementations come from. Undefined = not built in. */
export interface Registries {
  readonly models: readonly string[];
  readonly environments: readonly string[];
  readonly agents: readonly string[];
  model(server: ServerInstance): Promise<ModelType | undefined>;
  environment(server: ServerInstance, resolved: ResolvedConfig): Promise<EnvironmentDefinition | undefined>;
  agent(server: ServerInstance): AgentType | undefined;
}

/**
 * Whether a block places its server elsewhere. A model server of a kind that we have is not meant: its
 * `base_url` is the provider's.
 */
export function isElsewhere(server: ServerInstance): boolean {
  if (typeof server.config['base_url'] !== 'string') return false;
  return server.type !== 'responses_api_models' || !Object.hasOwn(MODEL_TYPES, server.implementation);
}

async function fromTable<Type>(
  table: Readonly<Record<string, () => Promise<Type>>>,
  name: string,
): Promise<Type | undefined> {
  return Object.hasOwn(table, name) ? table[name]!() : undefined;
}

/** Everything that ships. */
export const BUILT_IN: Registries = {
  models: Object.keys(MODEL_TYPES),
  environments: environmentNames(),
  agents: Object.keys(AGENT_TYPES),
  model: (server) => (isElsewhere(server) ? remoteModel() : fromTable(MODEL_TYPES, server.implementation)),
  environment: async (server, { roots }) =>
    isElsewhere(server)
      ? remoteEnvironment()
      : loadEnvironment(server.implementation, { entrypoint: server.config['entrypoint'], roots }),
  agent(server) {
    if (isElsewhere(server)) return remoteAgent;
    return Object.hasOwn(AGENT_TYPES, server.implementation) ? AGENT_TYPES[server.implementation] : undefined;
  },
};
