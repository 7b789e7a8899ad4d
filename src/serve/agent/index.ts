export { startAgentServer } from './agent-server.js';
export type { AgentServerOptions } from './agent-server.js';
