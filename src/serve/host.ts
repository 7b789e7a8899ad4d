import type { ServerInstance } from '../config/index.js';
import {
  buildParts,
  isForeign,
  mentioned,
  withReferences,
  withStarted,
  type HostServers,
} from '../graph/index.js';
import { Boot } from './boot.js';
import { planChildren } from './children/index.js';
import { DEFAULT_MAX_BODY_BYTES } from './http/index.js';
import { DEFAULT_SESSION_TTL_MS } from './environment/index.js';
import { serverContext } from './serve.js';
import type { Binding, ServeSettings } from './settings.js';

/** A run serves its own processes only: nobody else can reach it. */
const LOOPBACK: Binding = { host: '127.0.0.1', port: 0, advertised: '127.0.0.1' };

const INSIDE: ServeSettings = {
  head: () => LOOPBACK,
  token: null,
  maxBodyBytes: DEFAULT_MAX_BODY_BYTES,
  sessionTtlMs: DEFAULT_SESSION_TTL_MS,
  binding: () => LOOPBACK,
};

/** False when the signal came first. */
async function startUnless(signal: AbortSignal | undefined, boot: Boot): Promise<boolean> {
  const started = boot.start().then(() => true);
  if (signal === undefined) return started;
  let off = (): void => undefined;
  const stopped = new Promise<boolean>((resolve) => {
    const stop = (): void => resolve(false);
    off = () => signal.removeEventListener('abort', stop);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  // What is ended while it starts says so to nobody.
  started.catch(() => undefined);
  return Promise.race([started, stopped]).finally(off);
}

/** See {@link HostServers}: for a run that plays in this process. */
export const hostServers: HostServers = async (given, agents, options) => {
  const { clock, random, redactor, notify = () => undefined, logs, env, cwd } = options;
  const needed = withReferences(given, agents);
  const foreign = needed.filter((server) => isForeign(server, given));
  const plans = await planChildren(given, foreign, { env, cwd });
  const resolved = withStarted(given, new Map(plans.map(({ server, urls }) => [server.name, urls])));
  const asked = new Set(
    withReferences(
      given,
      foreign.map(({ name }) => name),
    ).map(({ name }) => name),
  );
  const isNeighbour = ({ name }: ServerInstance): boolean => asked.has(name);
  const parts = await buildParts(resolved, { ...options, clock, random, redactor, notify }, isNeighbour);
  const boot = new Boot({
    resolved,
    servers: resolved.servers.filter(isNeighbour),
    settings: INSIDE,
    context: serverContext(INSIDE, clock, redactor),
    parts,
    plans,
    neighbours: asked,
    logs,
    env,
    notify,
  });
  try {
    const names = foreign.map(({ name }) => name).join(', ');
    notify({ level: 'info', message: `starting ${names}; logs: ${logs}` });
    if (!(await startUnless(options.signal, boot))) await boot.close(0);
  } catch (error) {
    await boot.close(0);
    throw error;
  }
  const players = foreign.flatMap(({ name, type, config }): [string, string][] => {
    const models = mentioned(config, 'responses_api_models').map((one) => parts.models.get(one));
    if (type !== 'responses_api_agents' || models.length === 0 || models.includes(undefined)) return [];
    return [[name, models.length === 1 ? models[0]!.modelId : '']];
  });
  return {
    resolved,
    models: [...parts.models.values()],
    agents: new Map(players),
    deaths: () => boot.children?.deaths() ?? 0,
    settled: (signal) => boot.children?.settled(signal) ?? Promise.resolve(),
    close: (graceMs) => boot.close(graceMs),
  };
};
