export { DEFAULT_SESSION_TTL_MS, startEnvironmentServer } from './environment-server.js';
export type { EnvironmentServer, EnvironmentServerOptions } from './environment-server.js';
