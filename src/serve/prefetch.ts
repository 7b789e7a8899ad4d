import type { ResolvedConfig } from '../config/index.js';
import { findServerCode, prefetchServers } from '../environments/server/index.js';
import type { Prefetched } from '../environments/server/index.js';
import { isForeign, refuseForeign } from '../graph/index.js';
import { childSettings } from './children/settings.js';

export interface PrefetchRun {
  env: Readonly<Record<string, string | undefined>>;
  /** Told of each environment when it is made, or is not. */
  onEnd?: (result: Prefetched) => void;
  signal?: AbortSignal;
}

/**
 * Makes a virtual environment for each server of the configuration that is not built in. What fails is in the result.
 * Throws NgError when a program or `uv` is missing.
 */
export async function prefetch(
  resolved: ResolvedConfig,
  { env, onEnd = () => undefined, signal }: PrefetchRun,
): Promise<Prefetched[]> {
  const { venvDir, python } = childSettings(resolved);
  const version = resolved.values['python_version'];
  const foreign = resolved.servers.filter((server) => isForeign(server, resolved));
  const programs = foreign.map((block) => {
    const code = findServerCode(block, resolved.roots) ?? refuseForeign(resolved, block);
    return { block, code };
  });
  return prefetchServers(programs, {
    env,
    python: python ?? env['NGYM_PYTHON'] ?? (typeof version === 'string' ? version : undefined),
    venvDir,
    onEnd,
    ...(signal !== undefined && { signal }),
  });
}
