/**
 * Every mistake of a user's that we know, one function each: what, where, how to fix. Codes are stable.
 * One file per folder of `src/`. A new error goes there, not where it is thrown.
 */
export * from './cli.js';
export * from './files.js';
export * from './config/overrides.js';
export * from './config/files.js';
export * from './config/interpolation.js';
export * from './config/structure.js';
export * from './models.js';
export * from './graph.js';
export * from './environments.js';
export * from './processes.js';
export * from './reference.js';
export * from './agents.js';
export * from './rollouts.js';
export * from './serve.js';
export * from './store.js';
export * from './platform.js';
export * from './client.js';
export * from './report-errors.js';
