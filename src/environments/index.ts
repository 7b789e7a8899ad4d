export { defineEnvironment } from './kit/define-environment.js';
export { COMMON_CONFIG_KEYS } from './kit/definition.js';
export type {
  EnvironmentContext,
  EnvironmentDefinition,
  EnvironmentServices,
  GivenServices,
} from './kit/definition.js';
export type { EnvironmentSpec, Played, ToolSpec } from './kit/environment-spec.js';
export { callArguments, functionCalls } from './kit/function-calls.js';
export { isUserFile } from './user-file/find.js';
export { loadMiddleware } from './user-file/load-middleware.js';
export type { EnvironmentSource } from './registry.js';
export { ENVIRONMENT_ALIASES, ENVIRONMENTS, environmentNames, loadEnvironment } from './registry.js';
export { remoteEnvironment, spreadEnvironment, withMcpTools } from './elsewhere.js';
