import type { Environment } from '../../protocol/index.js';
import { mcpSettings } from './settings.js';
import { McpEnvironment } from './with-mcp-tools.js';

/** The environment with the tools of the MCP server that its block's `mcp_server` describes. Throws NgError. */
export function withMcpTools(environment: Environment, block: unknown): Environment {
  return new McpEnvironment(environment, mcpSettings(environment.name, block));
}
