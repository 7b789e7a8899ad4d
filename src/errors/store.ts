import { NgError } from './ng-error.js';

export function sqliteMissing(cause: unknown): NgError {
  return new NgError(
    'STORE_SQLITE_MISSING',
    'SQLite (the package libsql) cannot be loaded on this machine.',
    'Install again with "npm install libsql@0.5.29" (it has a build for Linux, macOS and Windows on x64, and for arm64 on the first two), or use PostgreSQL: --database postgres://….',
    {},
    { cause },
  );
}

export function postgresMissing(): NgError {
  return new NgError(
    'STORE_POSTGRES_MISSING',
    'PostgreSQL needs the package pg, which is not installed.',
    'Install it beside ngym: npm install pg@8.23.1',
    { key: 'database' },
  );
}

/** `database` without its password. */
export function databaseCannotOpen(database: string, cause: unknown): NgError {
  const reason = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : '') : '';
  return new NgError(
    'STORE_CANNOT_OPEN',
    `The database ${database} cannot be opened: ${reason || 'it does not answer'}.`,
    'Check the path or the URL, and that this user may write there; "--database" names another.',
    { key: 'database' },
    { cause },
  );
}

/** The file is another process's for as long as that runs. */
export function databaseInUse(file: string): NgError {
  return new NgError(
    'STORE_IN_USE',
    `The database ${file} is used by another platform that is running.`,
    'Stop that one first ("ng platform status" asks it), give this one another "--database", or use PostgreSQL, which several platforms can share.',
    { file },
  );
}

export function databaseMissing(file: string): NgError {
  return new NgError(
    'STORE_MISSING',
    `No platform answers, and there is no database of one at ${file}.`,
    'Start one with "ng platform start", or name its database in NGYM_PLATFORM_DATABASE.',
    { file },
  );
}

export function databaseOlder(): NgError {
  return new NgError(
    'STORE_OLDER',
    'The database is not that of a platform of this version.',
    'Start the platform on it once: "ng platform start" brings it up to date.',
    { key: 'database' },
  );
}

export function databaseNewer(found: number, known: number): NgError {
  return new NgError(
    'STORE_NEWER',
    `The database was written by a newer version of the program: its schema is version ${found}, and this one knows ${known}.`,
    'Use the newer version, or another database ("--database").',
    { key: 'database' },
  );
}
