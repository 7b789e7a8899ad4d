export { buildGraph } from './build.js';
export { inspectGraph } from './inspect.js';
export type { Finding } from './inspect.js';
export type { Registries } from './registries.js';
export type { Cast, Graph, GraphServices } from './types.js';
