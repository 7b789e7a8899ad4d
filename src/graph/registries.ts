import { AGENT_TYPES, remoteAgent } from '../agents/index.js';
import type { AgentType } from '../agents/index.js';
import type { Implementations, ResolvedConfig, ServerInstance } from '../config/index.js';
import type { EnvironmentDefinition } from '../environments/index.js';
import { environmentNames, isUserFile, loadEnvironment, remoteEnvironment } from '../environments/index.js';
import { misspelling } from '../errors/index.js';
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

/** Model servers of the reference that are not built in: with a `base_url` they can be used all the same. */
const FOREIGN_MODELS: readonly string[] = [
  'genrm_model',
  'local_vllm_model',
  'local_vllm_model_proxy',
  'switchyard_model',
  'vllm_model_with_compaction',
];

/**
 * The keys of a block that speak of a provider. A model server of the reference names its model as well, which
 * is why `model` counts only for types that nobody knows.
 */
export function providerKeys({ implementation, config }: ServerInstance): string[] {
  const keys = ['api_key', 'openai_api_key', 'openai_base_url', 'openai_model'];
  if (!FOREIGN_MODELS.includes(implementation)) keys.push('model');
  return keys.filter((key) => config[key] != null);
}

/**
 * Whether a block places its server elsewhere. A model server of a kind that we have is not meant: its
 * `base_url` is the provider's. Nor is one that only looks like it, by its name or by a provider's keys: it would
 * be asked in another dialect and without its key.
 */
export function isElsewhere(server: ServerInstance): boolean {
  const { type, implementation, config, started } = server;
  if (started !== undefined) return true;
  if (typeof config['base_url'] !== 'string') return false;
  if (type !== 'responses_api_models') return true;
  if (Object.hasOwn(MODEL_TYPES, implementation)) return false;
  if (FOREIGN_MODELS.includes(implementation)) return providerKeys(server).length === 0;
  return (
    misspelling(implementation, Object.keys(MODEL_TYPES)) === undefined && providerKeys(server).length === 0
  );
}

async function fromTable<Type>(
  table: Readonly<Record<string, () => Promise<Type>>>,
  name: string,
): Promise<Type | undefined> {
  return Object.hasOwn(table, name) ? table[name]!() : undefined;
}

const NAMES = {
  responses_api_models: Object.keys(MODEL_TYPES),
  resources_servers: environmentNames(),
  responses_api_agents: Object.keys(AGENT_TYPES),
};

/** What runs in this process, for reading a configuration: such a block needs no `entrypoint` and no `domain`. */
export const implementations: Implementations = {
  names: (type) => NAMES[type],
  has: (server) =>
    NAMES[server.type].includes(server.implementation) ||
    isElsewhere(server) ||
    (server.type === 'resources_servers' && isUserFile(server.config['entrypoint'])),
};

/** Everything that ships. */
export const BUILT_IN: Registries = {
  models: NAMES.responses_api_models,
  environments: NAMES.resources_servers,
  agents: NAMES.responses_api_agents,
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
