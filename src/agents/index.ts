import type { AgentType } from './agent-type.js';
import { gymnasiumAgent } from './gymnasium-agent.js';
import { serviceAgent } from './remote/service-agent.js';
import { simpleAgent } from './simple-agent.js';
import { singleTurnAgent } from './single-turn-agent.js';

export type { AgentServices, AgentType } from './agent-type.js';

/** Implementation name, as in a config file, to the agent loop. */
export const AGENT_TYPES: Readonly<Record<string, AgentType>> = {
  simple_agent: simpleAgent,
  non_executing_simple_agent: singleTurnAgent('non_executing_simple_agent'),
  tool_simulation_agent: singleTurnAgent('tool_simulation_agent'),
  gymnasium_agent: gymnasiumAgent,
  remote_agent: serviceAgent,
};
export { play } from './play.js';
export { spreadAgent } from './remote/copies.js';
export { remoteAgent } from './remote/remote-type.js';
