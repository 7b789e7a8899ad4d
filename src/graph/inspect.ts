import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { NgError } from '../errors/index.js';
import { createRedactor, systemClock } from '../transport/index.js';
import { buildGraph } from './build.js';
import type { Registries } from './registries.js';
import { BUILT_IN } from './registries.js';
import { withStandIn } from './stand-in.js';

/** What is wrong with one agent, or worth telling. */
export interface Finding {
  /** Server instance that the finding was made at, e.g. an agent. */
  server: string;
  level: 'error' | 'warning';
  message: string;
  /** `file:line:column` of an error, as far as it is known. */
  place?: string;
  /** How to fix it; empty for warnings. */
  hint: string;
}

async function inspectAgent(
  resolved: ResolvedConfig,
  agent: ServerInstance,
  registries: Registries,
): Promise<Finding[]> {
  try {
    const services = {
      clock: systemClock,
      random: Math.random,
      agents: [agent.name],
      redactor: createRedactor(resolved.namedSecrets()),
    };
    const graph = await buildGraph(
      resolved,
      services,
      withStandIn(registries, ({ implementation }) => implementation === 'dummy_model'),
    );
    await graph.close();
    return graph.warnings.map((message) => ({ server: agent.name, level: 'warning', message, hint: '' }));
  } catch (error) {
    if (!(error instanceof NgError)) throw error;
    const { message, hint } = error;
    const { file } = error.where;
    const place = file === undefined ? {} : { place: error.location() };
    return [{ server: agent.name, level: 'error', message, ...place, hint }];
  }
}

/** Tries every agent of a configuration without starting anything: what would fail, and what is misspelt. */
export async function inspectGraph(
  resolved: ResolvedConfig,
  registries: Registries = BUILT_IN,
): Promise<Finding[]> {
  const agents = resolved.servers.filter(({ type }) => type === 'responses_api_agents');
  const findings: Finding[] = [];
  for (const agent of agents) findings.push(...(await inspectAgent(resolved, agent, registries)));
  const seen = new Set<string>();
  return findings.filter(({ level, message }) => {
    const key = `${level} ${message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
