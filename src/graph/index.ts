export { agentEnvironments } from './agent-environments.js';
export { buildEnvironment, buildGraph, buildParts, definitionOf } from './build.js';
export { mentioned } from './references.js';
export { inspectGraph } from './inspect.js';
export type { Finding } from './inspect.js';
export { identifyPart } from './part-identity.js';
export type { CodeIdentity, PartIdentity, Semantic } from './part-identity.js';
export { buildVerifiers, verifierNames } from './verifiers.js';
export { implementations, isElsewhere } from './registries.js';
export type { Registries } from './registries.js';
export type { PlatformAddress, PlatformLookup, PlatformName } from '../models/index.js';
export type { Cast, Graph, GraphServices, Hosted, HostOptions, HostServers, Parts } from './types.js';
export {
  agentsElsewhere,
  isForeign,
  refuseForeign,
  withNothingStarted,
  withReferences,
  withStarted,
} from './foreign.js';
