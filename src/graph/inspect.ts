import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { NgError } from '../errors/index.js';
import { unaskedPlatform } from '../models/index.js';
import { createRedactor, systemClock } from '../transport/index.js';
import { buildGraph } from './build.js';
import { refuseUnknown } from './builder.js';
import { isForeign, NOWHERE, refuseForeign, withStarted } from './foreign.js';
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

function findingOf(server: ServerInstance, error: unknown): Finding {
  if (!(error instanceof NgError)) throw error;
  const { message, hint } = error;
  const place = error.where.file === undefined ? {} : { place: error.location() };
  return { server: server.name, level: 'error', message, ...place, hint };
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
      platform: unaskedPlatform,
    };
    const graph = await buildGraph(resolved, services, registries);
    await graph.close();
    return graph.warnings.map((message) => ({ server: agent.name, level: 'warning', message, hint: '' }));
  } catch (error) {
    return [findingOf(agent, error)];
  }
}

/** Whether there is code for a model server or an environment, also where no agent refers to it. */
async function inspectType(
  resolved: ResolvedConfig,
  server: ServerInstance,
  registries: Registries,
): Promise<Finding[]> {
  try {
    if (server.type === 'responses_api_models') {
      if ((await registries.model(server)) === undefined) refuseUnknown(resolved, server, registries.models);
    } else if (server.type === 'resources_servers') {
      const found = await registries.environment(server, resolved);
      if (found === undefined) refuseUnknown(resolved, server, registries.environments);
    }
    return [];
  } catch (error) {
    return [findingOf(server, error)];
  }
}

/** Whether there is a program, and a Python to run it; neither is started. */
async function inspectProgram(
  resolved: ResolvedConfig,
  server: ServerInstance,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const { planServer } = await import('../environments/server/index.js');
  const { python } = resolved.values;
  const places = { roots: resolved.roots, env, python: typeof python === 'string' ? python : undefined };
  try {
    if (planServer(server, places) === undefined) refuseForeign(resolved, server);
    return [];
  } catch (error) {
    return [findingOf(server, error)];
  }
}

/** Tries every part of a configuration without starting anything: what would fail, and what is misspelt. */
export async function inspectGraph(
  given: ResolvedConfig,
  env: Readonly<Record<string, string | undefined>> = process.env,
  from: Registries = BUILT_IN,
): Promise<Finding[]> {
  const registries = withStandIn(from, ({ implementation }) => implementation === 'dummy_model');
  const findings: Finding[] = [];
  const foreign = given.servers.filter((server) => isForeign(server, given));
  for (const server of foreign) findings.push(...(await inspectProgram(given, server, env)));
  const resolved = withStarted(given, new Map(foreign.map(({ name }) => [name, [NOWHERE]])));
  for (const server of resolved.servers) {
    const inspect = server.type === 'responses_api_agents' ? inspectAgent : inspectType;
    findings.push(...(await inspect(resolved, server, registries)));
  }
  const seen = new Set<string>();
  return findings.filter(({ level, message }) => {
    const key = `${level} ${message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
