export type {
  ConfigObject,
  ConfigValue,
  LoadOptions,
  Origin,
  ResolvedConfig,
  ServerInstance,
  ServerType,
} from './types.js';
export { SERVER_TYPES } from './types.js';
export { loadConfig } from './load-config.js';
export { pathCandidates, resolvePath, searchRoots } from './search-roots.js';
