import { NgError } from './ng-error.js';

export function agentConfigInvalid(
  instance: string,
  implementation: string,
  problems: readonly string[],
): NgError {
  return new NgError(
    'AGENT_CONFIG_INVALID',
    `The configuration of agent "${instance}" does not fit "${implementation}":\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    `Correct these keys under ${instance}.responses_api_agents.${implementation}.`,
    { key: `${instance}.responses_api_agents.${implementation}` },
  );
}
