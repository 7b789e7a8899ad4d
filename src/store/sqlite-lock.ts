import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../errors/index.js';
import { makeFolder } from '../files/index.js';
import { loadEngine } from './sqlite-engine.js';

/**
 * Keeps a file of SQLite for this process until the result is called, or the process ends, however it ends. What holds
 * it is a transaction on an empty database beside it (`…-lock`), so that everybody may still read the file itself.
 * Throws NgError when another process has it.
 */
export async function lockSqlite(file: string): Promise<() => void> {
  const Engine = await loadEngine();
  const beside = `${file}-lock`;
  await makeFolder(path.dirname(path.resolve(file)));
  let lock: InstanceType<typeof Engine> | undefined;
  try {
    lock = new Engine(beside);
    lock.exec('pragma journal_mode = memory');
    lock.exec('begin exclusive');
    await chmod(beside, 0o600);
  } catch (error) {
    lock?.close();
    const busy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
    throw busy ? errors.databaseInUse(file) : errors.databaseCannotOpen(file, error);
  }
  return () => lock.close();
}
