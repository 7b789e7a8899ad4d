export type { ProgramIdentity } from './code-files.js';
export { identifyProgram } from './code-files.js';
export type { ServerBlock, ServerCode } from './find-code.js';
export { findServerCode } from './find-code.js';
export type { PlanOptions, PythonServer, StartOptions } from './start-server.js';
export { planServer, startServer } from './start-server.js';
export type { Prefetched, PrefetchOptions } from './prefetch.js';
export { prefetchServers } from './prefetch.js';
