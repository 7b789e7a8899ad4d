import { errors } from '../errors/index.js';
import path from 'node:path';
import { isLoopback } from '../serve/http/index.js';
import { openExecutors, type DeploymentSettings } from './deployments/index.js';
import { openStore, type StoreSettings } from './open-store.js';
import { startPlatform, type Platform, type PlatformOptions } from './platform.js';

export interface PlatformSettings extends StoreSettings, Pick<PlatformOptions, 'middleware' | 'tell'> {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** The only hosts that providers may have. */
  allowedHosts?: readonly string[];
  /** What deployments may run; default: there are none. */
  deployments?: DeploymentSettings;
  /** Of this program. */
  revision: string;
  /** `NGYM_PLATFORM_TOKEN` and `NGC_API_KEY`, beside what the store needs. */
  env: Readonly<Record<string, string | undefined>>;
}

/** The port that the reference's client asks when it is told nothing else. */
const PORT = 8080;
const MIN_TOKEN = 16;

/** Opens the database and the keys, and starts the platform on them. Throws NgError for what a user can mend. */
export async function openPlatform(settings: PlatformSettings): Promise<Platform> {
  const { env, revision, host = '127.0.0.1', port = PORT, allowedHosts, middleware, tell } = settings;
  const token = env['NGYM_PLATFORM_TOKEN'] ?? null;
  if (token !== null && token.length < MIN_TOKEN) throw errors.platformTokenShort(MIN_TOKEN);
  if (token === null && !isLoopback(host)) throw errors.platformNeedsToken(host);
  const store = await openStore(settings);
  try {
    const platform = await startPlatform({
      database: store.database,
      masterKeys: store.masterKeys,
      host,
      port,
      token,
      revision,
      ngcApiKey: env['NGC_API_KEY'] ?? env['NVIDIA_API_KEY'] ?? null,
      ...(allowedHosts !== undefined && { allowedHosts }),
      ...(middleware !== undefined && { middleware }),
      ...(tell !== undefined && { tell }),
      ...executorsOf(settings, store.folder),
    });
    return {
      ...platform,
      async close(graceMs) {
        await platform.close(graceMs);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function executorsOf(
  { deployments, env }: PlatformSettings,
  folder: string | null,
): Pick<PlatformOptions, 'executors'> {
  if (deployments === undefined || deployments.kinds.length === 0) return {};
  const place = folder === null ? null : path.join(folder, 'deployments');
  return { executors: (context) => openExecutors(deployments, { ...context, env, folder: place }) };
}
