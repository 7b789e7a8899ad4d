import { stat } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../errors/index.js';
import { makeFolder } from '../files/index.js';
import { fileOf, lockSqlite, openDatabase, type Database } from '../store/index.js';
import { readMasterKeys, type MasterKey } from './secrets/index.js';

export interface StoreSettings {
  /** A file for SQLite, or `postgres://…`; default: `NGYM_PLATFORM_DATABASE`, else `ngym/platform.db` in the user's folder for data. */
  database?: string;
  /** `NGYM_PLATFORM_DATABASE`, `NGYM_MASTER_KEY…`, `XDG_DATA_HOME`, `HOME`. */
  env: Readonly<Record<string, string | undefined>>;
}

/** A platform's database and the keys to its secrets. */
export interface OpenStore {
  readonly database: Database;
  readonly masterKeys: readonly MasterKey[];
  /** Where the platform keeps what it has beside the database; null: nowhere. */
  readonly folder: string | null;
  close(): Promise<void>;
}

/** Opens both for the platform, which has a file of SQLite for itself. Throws NgError for what a user can mend. */
export async function openStore(settings: StoreSettings): Promise<OpenStore> {
  const setting = settingOf(settings);
  const masterKeys = await keysOf(settings, setting, true);
  const file = fileOf(setting);
  const release = file === null ? () => undefined : await lockSqlite(file);
  let database: Database;
  try {
    database = await openDatabase(setting);
  } catch (error) {
    release();
    throw error;
  }
  return {
    database,
    masterKeys,
    folder: folderOf(setting, settings.env),
    async close() {
      await database.close();
      release();
    },
  };
}

/** Opens both to look at what is there, beside whoever uses it; makes nothing. Throws NgError. */
export async function openStoreToRead(settings: StoreSettings): Promise<OpenStore> {
  const setting = settingOf(settings);
  const file = fileOf(setting);
  if (file !== null && (await stat(file).catch(() => null)) === null) throw errors.databaseMissing(file);
  const masterKeys = await keysOf(settings, setting, false);
  const database = await openDatabase(setting);
  return { database, masterKeys, folder: folderOf(setting, settings.env), close: () => database.close() };
}

function settingOf({ database, env }: StoreSettings): string {
  const given = database ?? env['NGYM_PLATFORM_DATABASE'];
  return given === undefined || given === '' ? path.join(homeOf(env), 'platform.db') : given;
}

function homeOf(env: StoreSettings['env']): string {
  return path.join(env['XDG_DATA_HOME'] ?? path.join(env['HOME'] ?? '.', '.local', 'share'), 'ngym');
}

async function keysOf({ env }: StoreSettings, setting: string, make: boolean): Promise<readonly MasterKey[]> {
  const { file, makeFile } = await keyFile(setting, env, make);
  return await readMasterKeys({
    value: env['NGYM_MASTER_KEY'],
    command: env['NGYM_MASTER_KEY_COMMAND'],
    previous: env['NGYM_MASTER_KEY_PREVIOUS'],
    file,
    makeFile,
  });
}

/** Beside SQLite's file; the user's folder for PostgreSQL, whose other instances need the same key. */
function folderOf(setting: string, env: StoreSettings['env']): string | null {
  if (setting === ':memory:') return null;
  const database = fileOf(setting);
  return database === null ? homeOf(env) : path.dirname(path.resolve(database));
}

async function keyFile(
  setting: string,
  env: StoreSettings['env'],
  make: boolean,
): Promise<{ file: string | null; makeFile: boolean }> {
  const { NGYM_MASTER_KEY_FILE: given } = env;
  if (given !== undefined && given !== '') return { file: given, makeFile: false };
  const folder = folderOf(setting, env);
  if (folder === null) return { file: null, makeFile: false };
  if (make) await makeFolder(folder);
  return { file: path.join(folder, 'platform.key'), makeFile: make };
}
