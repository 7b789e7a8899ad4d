export { mcpRoute } from './mcp-route.js';
