import type { Environment } from '../protocol/index.js';
import type { EnvironmentDefinition } from './kit/definition.js';

/** The twin of any environment whose server block has a `base_url`; loaded when one has. */
export const remoteEnvironment = async (): Promise<EnvironmentDefinition> =>
  (await import('./remote/remote-definition.js')).remoteEnvironment;

/** Several processes of one remote environment as one. */
export const spreadEnvironment = async (environments: readonly Environment[]): Promise<Environment> =>
  environments.length === 1
    ? environments[0]!
    : (await import('./remote/copies.js')).spreadEnvironment(environments);

/** The environment with the tools of the MCP server that its block's `mcp_server` describes. Throws NgError. */
export const withMcpTools = async (environment: Environment, block: unknown): Promise<Environment> =>
  (await import('./mcp/index.js')).withMcpTools(environment, block);
