export { Claim } from './claim.js';
export { configEndpoints } from './configs.js';
export { Deployments } from './controller.js';
export { deploymentEndpoints } from './deployments.js';
export { isOwnServer } from './provider.js';
export type { Executor } from './executors/executor.js';
export type { DeploymentSettings, ExecutorContext } from './settings.js';
export { openExecutors } from './settings.js';
