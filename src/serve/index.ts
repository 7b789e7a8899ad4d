export { discoverHead } from './discover.js';
export type { InstanceInfo } from './head/index.js';
export { serve } from './serve.js';
export type { Served, ServeOptions } from './serve.js';
export { serversStatus } from './status.js';
export type { Health, ServersStatus } from './status.js';
export { hostServers } from './host.js';
