export type { Database, Listener, Queries, SqlRow, SqlValue } from './database.js';
export { DatabaseGone, DuplicateKey } from './database.js';
export type { Migration } from './migrate.js';
export { migrate } from './migrate.js';
export { openDatabase } from './open-database.js';
