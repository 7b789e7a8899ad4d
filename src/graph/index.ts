export { agentEnvironments } from './agent-environments.js';
export { buildGraph, buildParts } from './build.js';
export { inspectGraph } from './inspect.js';
export type { Finding } from './inspect.js';
export { buildVerifiers } from './verifiers.js';
export { isElsewhere } from './registries.js';
export type { Registries } from './registries.js';
export type { Cast, Graph, GraphServices, Parts } from './types.js';
