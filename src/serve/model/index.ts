export { startModelServer } from './model-server.js';
export type { ModelServerOptions } from './model-server.js';
