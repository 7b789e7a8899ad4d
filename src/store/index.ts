export type { Database, Listener, Queries, SqlRow, SqlValue } from './database.js';
export { DatabaseGone, DuplicateKey } from './database.js';
export type { Migration } from './migrate.js';
export { checkVersion, migrate } from './migrate.js';
export { fileOf, openDatabase } from './open-database.js';
export { lockSqlite } from './sqlite-lock.js';
