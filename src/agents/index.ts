import type { AgentType } from './agent-type.js';
import { nonExecutingSimpleAgent } from './non-executing-simple-agent.js';
import { simpleAgent } from './simple-agent.js';

export type { AgentServices, AgentType } from './agent-type.js';

/** Implementation name, as in a config file, to the agent loop. */
export const AGENT_TYPES: Readonly<Record<string, AgentType>> = {
  simple_agent: simpleAgent,
  non_executing_simple_agent: nonExecutingSimpleAgent,
};
export { remoteAgent } from './remote/remote-type.js';
