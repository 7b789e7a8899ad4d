import type { Environment, Model } from '../protocol/index.js';

function refuse(what: string, agent: string): Promise<never> {
  return Promise.reject(new Error(`the ${what} of "${agent}" was asked for, but the agent plays elsewhere`));
}

/** Stands where a model would be: an agent that runs elsewhere has its own. */
export function absentModel(agent: string): Model {
  return {
    name: '',
    modelId: '',
    respond: () => refuse('model', agent),
    close: () => Promise.resolve(),
  };
}

/** Stands where an environment would be: an agent that runs elsewhere has its own. */
export function absentEnvironment(agent: string): Environment {
  const no = (): Promise<never> => refuse('environment', agent);
  return { name: '', tools: [], open: no, callTool: no, verify: no, close: () => Promise.resolve() };
}
