import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import type { EnvironmentDefinition } from '../environments/index.js';
import { environmentNames, loadEnvironment } from '../environments/index.js';
import type { ModelType } from '../models/index.js';
import { MODEL_TYPES } from '../models/index.js';
import { AGENT_TYPES } from '../agents/index.js';
import type { AgentType } from '../agents/index.js';

/** Where implementations come from. Undefined = not built in. */
export interface Registries {
  readonly models: readonly string[];
  readonly environments: readonly string[];
  readonly agents: readonly string[];
  model(implementation: string): Promise<ModelType | undefined>;
  environment(server: ServerInstance, resolved: ResolvedConfig): Promise<EnvironmentDefinition | undefined>;
  agent(implementation: string): AgentType | undefined;
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
  model: (implementation) => fromTable(MODEL_TYPES, implementation),
  environment: (server) => loadEnvironment(server.implementation),
  agent: (implementation) =>
    Object.hasOwn(AGENT_TYPES, implementation) ? AGENT_TYPES[implementation] : undefined,
};
