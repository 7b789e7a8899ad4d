import { errors } from '../errors/index.js';
import type { Database, Queries } from './database.js';

/** One step of a schema. A version that was ever released never changes: what follows is another step. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

const TABLE = `create table if not exists ngym_migrations (
  version integer primary key, name text not null, applied_at text not null)`;

/**
 * Brings a schema up to date; how many steps were made. Several processes may do it at once. Each step is there whole
 * or not at all. A database that a newer program wrote is an NgError.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  now: () => Date = () => new Date(),
): Promise<number> {
  migrations.forEach(({ version }, index) => {
    if (version !== index + 1) throw new Error(`migration ${version} is in place ${index + 1}`);
  });
  return await database.transaction(async (queries) => {
    // SQLite lets one writer in at a time by itself. Who waited here must see what the one before it did.
    if (database.engine === 'postgres') {
      await queries.run('set transaction isolation level read committed');
      await queries.run('select pg_advisory_xact_lock(7297411)');
    }
    await queries.run(TABLE);
    const done = await versionOf(queries);
    if (done > migrations.length) throw errors.databaseNewer(done, migrations.length);
    for (const { version, name, statements } of migrations.slice(done)) {
      for (const statement of statements) await queries.run(statement);
      await queries.run('insert into ngym_migrations values (?, ?, ?)', version, name, now().toISOString());
    }
    return migrations.length - done;
  });
}

/** Throws NgError unless the schema is the one that this program knows. Changes nothing. */
export async function checkVersion(database: Database, migrations: readonly Migration[]): Promise<void> {
  const found = await versionOf(database).catch(() => 0);
  if (found > migrations.length) throw errors.databaseNewer(found, migrations.length);
  if (found < migrations.length) throw errors.databaseOlder();
}

async function versionOf(queries: Queries): Promise<number> {
  const [row] = await queries.all<{ version: number | null }>(
    'select max(version) as version from ngym_migrations',
  );
  return row?.version ?? 0;
}
