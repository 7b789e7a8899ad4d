export type {
  ConfigObject,
  ConfigValue,
  Implementations,
  LoadOptions,
  Origin,
  ResolvedConfig,
  ServerInstance,
  ServerType,
} from './types.js';
export { SERVER_TYPES } from './types.js';
export { loadConfig, ownBlock } from './load-config.js';
export { agentBehind, placedAt } from './servers/index.js';
export { plainYaml } from './plain-yaml.js';
export type { Override } from './override/index.js';
export { parseOverride } from './override/index.js';
export { isSecretKey } from './redact/index.js';
export { nearPath } from './near-path.js';
export { pathCandidates, resolvePath, searchRoots } from './search-roots.js';
