export { configuredRows } from './configured-rows.js';
export { mcpRoute } from './mcp-route.js';
export type { McpRows } from './rows.js';
