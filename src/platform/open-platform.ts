import path from 'node:path';
import { errors } from '../errors/index.js';
import { makeFolder } from '../files/index.js';
import { openDatabase } from '../store/index.js';
import { openExecutors, type DeploymentSettings } from './deployments/index.js';
import { startPlatform, type Platform, type PlatformOptions } from './platform.js';
import { readMasterKeys } from './secrets/index.js';

export interface PlatformSettings {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** A file for SQLite, or `postgres://…`; default: `ngym/platform.db` in the user's folder for data. */
  database?: string;
  /** The only hosts that providers may have. */
  allowedHosts?: readonly string[];
  /** What deployments may run; default: there are none. */
  deployments?: DeploymentSettings;
  /** Of this program. */
  revision: string;
  /** `NGYM_PLATFORM_TOKEN`, `NGYM_MASTER_KEY…`, `NGC_API_KEY`, `XDG_DATA_HOME`, `HOME`. */
  env: Readonly<Record<string, string | undefined>>;
}

/** The port that the reference's client asks when it is told nothing else. */
const PORT = 8080;
const MIN_TOKEN = 16;

/** Opens the database and the keys, and starts the platform on them. Throws NgError for what a user can mend. */
export async function openPlatform(settings: PlatformSettings): Promise<Platform> {
  const { env, revision, host = '127.0.0.1', port = PORT } = settings;
  const home = path.join(env['XDG_DATA_HOME'] ?? path.join(env['HOME'] ?? '.', '.local', 'share'), 'ngym');
  const setting = settings.database ?? path.join(home, 'platform.db');
  const folder = stateFolder(setting, home);
  const token = env['NGYM_PLATFORM_TOKEN'] ?? null;
  if (token !== null && token.length < MIN_TOKEN) throw errors.platformTokenShort(MIN_TOKEN);
  const masterKeys = await readMasterKeys({
    value: env['NGYM_MASTER_KEY'],
    command: env['NGYM_MASTER_KEY_COMMAND'],
    previous: env['NGYM_MASTER_KEY_PREVIOUS'],
    ...(await keyFile(folder, env['NGYM_MASTER_KEY_FILE'])),
  });
  const database = await openDatabase(setting);
  try {
    const platform = await startPlatform({
      database,
      masterKeys,
      host,
      port,
      token,
      revision,
      ngcApiKey: env['NGC_API_KEY'] ?? env['NVIDIA_API_KEY'] ?? null,
      ...(settings.allowedHosts !== undefined && { allowedHosts: settings.allowedHosts }),
      ...executorsOf(settings, folder),
    });
    return {
      ...platform,
      async close(graceMs) {
        await platform.close(graceMs);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What the platform keeps beside its database: beside SQLite's file, else in the user's folder; null: nothing. */
function stateFolder(setting: string, home: string): string | null {
  if (setting === ':memory:') return null;
  const plain = setting.replace(/^sqlite:(\/\/(?=\/))?/, '');
  return /^postgres(ql)?:/.test(setting) ? home : path.dirname(path.resolve(plain));
}

/** Other instances on one PostgreSQL need the same key. */
async function keyFile(
  folder: string | null,
  given: string | undefined,
): Promise<{ file: string | null; makeFile: boolean }> {
  if (given !== undefined && given !== '') return { file: given, makeFile: false };
  if (folder === null) return { file: null, makeFile: false };
  await makeFolder(folder);
  return { file: path.join(folder, 'platform.key'), makeFile: true };
}

function executorsOf(
  { deployments, env }: PlatformSettings,
  folder: string | null,
): Pick<PlatformOptions, 'executors'> {
  if (deployments === undefined || deployments.kinds.length === 0) return {};
  const place = folder === null ? null : path.join(folder, 'deployments');
  return { executors: (context) => openExecutors(deployments, { ...context, env, folder: place }) };
}
