import type { Database } from './database.js';

/**
 * Opens what a setting names: `postgres://…` (or `postgresql://…`), else a file of SQLite (`sqlite:` before it is
 * left out), or `:memory:`. The driver is loaded here, not before.
 */
export async function openDatabase(setting: string): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(setting)) return (await import('./postgres.js')).openPostgres(setting);
  return (await import('./sqlite.js')).openSqlite(setting.replace(/^sqlite:(\/\/(?=\/))?/, ''));
}
