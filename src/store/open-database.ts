import type { Database } from './database.js';

/**
 * Opens what a setting names: `postgres://…` (or `postgresql://…`), else a file of SQLite (`sqlite:` before it is
 * left out), or `:memory:`. The driver is loaded here, not before.
 */
export async function openDatabase(setting: string): Promise<Database> {
  const file = fileOf(setting);
  if (file === null && setting !== MEMORY) return (await import('./postgres.js')).openPostgres(setting);
  return (await import('./sqlite.js')).openSqlite(file ?? MEMORY);
}

const MEMORY = ':memory:';

/** The file of SQLite that a setting names; null for any other database. */
export function fileOf(setting: string): string | null {
  if (setting === MEMORY || /^postgres(ql)?:\/\//.test(setting)) return null;
  return setting.replace(/^sqlite:(\/\/(?=\/))?/, '');
}
