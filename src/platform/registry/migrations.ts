import type { Migration } from '../../store/index.js';

/** The platform's schema. A step that was released never changes. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'entities',
    statements: [
      `create table entities (
        kind text not null,
        workspace text not null,
        name text not null,
        id text not null unique,
        version integer not null,
        created_at text not null,
        updated_at text not null,
        data text not null,
        primary key (kind, workspace, name))`,
    ],
  },
  {
    version: 2,
    name: 'claims',
    statements: [
      `create table claims (
        name text primary key,
        holder text not null,
        until bigint not null)`,
    ],
  },
];
