export type { ServerBlock, ServerCode } from './find-code.js';
export { findServerCode } from './find-code.js';
export type { PlanOptions, PythonServer, StartOptions } from './start-server.js';
export { planServer, serverVenvs, startServer } from './start-server.js';
