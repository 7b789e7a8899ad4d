import type { ResolvedConfig, ServerInstance } from '../../config/index.js';
import { planServer } from '../../environments/server/index.js';
import type { PythonServer } from '../../environments/server/index.js';
import { refuseForeign } from '../../graph/index.js';
import { freePorts } from '../../processes/index.js';
import { portOf, textOf, urlOf } from '../head/index.js';
import { childSettings } from './settings.js';

/** A server that is going to be started as one process or several. */
export interface ChildPlan {
  readonly server: ServerInstance;
  readonly program: PythonServer;
  readonly host: string;
  /** One for each copy. */
  readonly ports: readonly number[];
  readonly urls: readonly string[];
}

export interface ChildPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Finds program, Python and ports of each server, before anything is started. They listen where only this machine can
 * reach them, unless their block has a `host`: they ask nobody for a token. Throws NgError.
 */
export async function planChildren(
  resolved: ResolvedConfig,
  servers: readonly ServerInstance[],
  { env, cwd }: ChildPlace,
): Promise<ChildPlan[]> {
  const settings = childSettings(resolved);
  const { python, venvDir } = settings;
  const { roots } = resolved;
  const programs = servers.map(
    (server) => planServer(server, { roots, env, python, cwd, venvDir }) ?? refuseForeign(resolved, server),
  );
  const plans: ChildPlan[] = [];
  for (const [index, server] of servers.entries()) {
    const key = `${server.name}.${server.type}.${server.implementation}`;
    const host = textOf(server.config['host'], `${key}.host`) ?? '127.0.0.1';
    const fixed = portOf(server.config['port'], `${key}.port`) ?? 0;
    const ports = await freePorts(host, settings.copies(server), settings.ports);
    if (fixed !== 0) ports[0] = fixed;
    const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    plans.push({
      server,
      program: programs[index]!,
      host,
      ports,
      urls: ports.map((port) => urlOf(reached, port)),
    });
  }
  return plans;
}
