import type { ConfigObject, ConfigValue, ResolvedConfig, ServerInstance } from '../../config/index.js';
import { didYouMean } from '../../errors/index.js';
import { RowProblem } from './row-problem.js';

const isObject = (value: ConfigValue | undefined): value is ConfigObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The agents that the datasets of a block ask for, each once. */
function pinsOf({ config }: ServerInstance): string[] {
  const datasets = Array.isArray(config.datasets) ? config.datasets.filter(isObject) : [];
  const pins = datasets.map(({ agent }) => agent).filter((agent) => typeof agent === 'string');
  return [...new Set(pins)];
}

function resolve(source: string, servers: ResolvedConfig['servers']): string {
  const problem = (text: string, hint = ''): RowProblem =>
    new RowProblem(
      `"task_source" is "${source}": ${text}.${hint} "+agent_map={${source}: <agent>}" says which agent plays it`,
    );
  const block = servers.find(({ name }) => name === source);
  if (block === undefined) {
    const known = servers.map(({ name }) => name);
    throw problem('there is no such server', didYouMean(source, known));
  }
  if (block.type === 'responses_api_models')
    throw problem('a model; tasks belong to agents and resources servers');
  const pins = pinsOf(block);
  if (pins.length > 1) throw problem(`its datasets ask for different agents (${pins.join(', ')})`);
  const [pin] = pins;
  if (block.type === 'responses_api_agents') {
    if (pin === undefined || pin === source) return source;
    throw problem(`an agent whose dataset asks for another one (${pin})`);
  }
  const agents = servers
    .filter(({ type, config }) => {
      const reference = config.resources_server;
      return type === 'responses_api_agents' && isObject(reference) && reference.name === source;
    })
    .map(({ name }) => name);
  if (pin !== undefined && agents.includes(pin)) return pin;
  if (pin !== undefined) throw problem(`its dataset asks for agent "${pin}", which does not use it`);
  if (agents.length === 1) return agents[0]!;
  throw problem(agents.length === 0 ? 'no agent uses it' : `several agents use it (${agents.join(', ')})`);
}

/**
 * Tells the agent that plays the tasks of a source, as 0.7.0 does. A source is the server block that declares the
 * dataset: an agent plays its own; of a resources server the agent that its dataset asks for, else the only one that
 * uses it. Throws {@link RowProblem} where that does not lead to one agent.
 */
export function sourceAgents({ servers }: Pick<ResolvedConfig, 'servers'>): (source: string) => string {
  const known = new Map<string, string>();
  return (source) => {
    const agent = known.get(source) ?? resolve(source, servers);
    known.set(source, agent);
    return agent;
  };
}
