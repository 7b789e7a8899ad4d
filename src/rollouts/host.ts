import path from 'node:path';
import type { ResolvedConfig } from '../config/index.js';
import type { GraphServices, Hosted, HostServers } from '../graph/index.js';
import { isForeign, withReferences } from '../graph/index.js';

/** How long sockets, files and processes may take to close. Unit: milliseconds. */
export const CLOSE_MS = 1500;

interface Place {
  cwd: string;
  env?: Readonly<Record<string, string | undefined>>;
  host?: HostServers;
}

/**
 * Starts what the named servers need of programs that are not built in; undefined where they need none. What they print
 * goes to files in `<stem>_servers`, beside the output.
 */
export async function hostFor(
  resolved: ResolvedConfig,
  names: readonly string[],
  services: Omit<GraphServices, 'agents'>,
  { cwd, env = process.env, host }: Place,
  output: string,
): Promise<Hosted | undefined> {
  const foreign = withReferences(resolved, names).some((server) => isForeign(server, resolved));
  if (!foreign || host === undefined) return undefined;
  const { dir, name } = path.parse(output);
  return host(resolved, names, { ...services, logs: path.join(dir, `${name}_servers`), env, cwd });
}
