import { AsyncLocalStorage } from 'node:async_hooks';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '../errors/index.js';
import { makeFolder } from '../files/index.js';
import { DuplicateKey, type Database, type Listener, type Queries, type SqlValue } from './database.js';
import { Listeners } from './listeners.js';
import { loadEngine, type Engine } from './sqlite-engine.js';

/** How long a write waits for that of another connection, and how long between looks. Unit: ms. */
const BUSY_MS = 5_000;
const LOOK_MS = 5;

/**
 * SQLite in this process; `:memory:` for one that ends with it. A commit is on disk when it resolves, and a process
 * that is killed leaves the last whole state.
 */
export async function openSqlite(file: string): Promise<Database> {
  const Engine = await loadEngine();
  const memory = file === ':memory:';
  if (!memory) await makeFolder(path.dirname(path.resolve(file)));
  let engine: Engine;
  try {
    engine = new Engine(file);
    if (!memory) {
      await chmod(file, 0o600);
      await patient(() => engine.exec('pragma journal_mode = wal; pragma synchronous = full;'));
    }
    engine.exec('pragma foreign_keys = on;');
  } catch (error) {
    throw errors.databaseCannotOpen(file, error);
  }
  return new Sqlite(engine);
}

class Sqlite implements Database {
  readonly engine = 'sqlite';
  private readonly listeners = new Listeners();
  /** There is one connection: what comes while a transaction is open waits for its end. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly inside = new AsyncLocalStorage<true>();

  constructor(private readonly connection: Engine) {}

  all<R extends object>(sql: string, ...values: readonly SqlValue[]): Promise<R[]> {
    return this.alone(() => patient(() => this.rows<R>(sql, values)));
  }

  run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return this.alone(() => patient(() => this.change(sql, values)));
  }

  notify(channel: string, payload: string): Promise<void> {
    this.listeners.tell(channel, payload);
    return Promise.resolve();
  }

  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.alone(async () => {
      const notices: [string, string][] = [];
      await patient(() => this.connection.exec('begin immediate'));
      let result: T;
      try {
        result = await this.inside.run(true, work, this.within(notices));
        this.connection.exec('commit');
      } catch (error) {
        if (this.connection.inTransaction) this.connection.exec('rollback');
        throw error;
      } finally {
        // While it is enabled, every promise of the process costs more; there is one transaction at a time.
        this.inside.disable();
      }
      for (const [channel, payload] of notices) this.listeners.tell(channel, payload);
      return result;
    });
  }

  listen(channel: string, listener: Listener): Promise<() => void> {
    this.listeners.add(channel, listener);
    return Promise.resolve(() => void this.listeners.remove(channel, listener));
  }

  async close(): Promise<void> {
    await this.alone(() => {
      this.listeners.clear();
      this.connection.close();
      return Promise.resolve();
    });
  }

  private within(notices: [string, string][]): Queries {
    const attempt = <T>(act: () => T): Promise<T> =>
      new Promise((resolve) => {
        resolve(act());
      });
    return {
      all: <R extends object>(sql: string, ...values: readonly SqlValue[]) =>
        attempt(() => this.rows<R>(sql, values)),
      run: (sql, ...values) => attempt(() => this.change(sql, values)),
      notify: (channel, payload) => attempt(() => void notices.push([channel, payload])),
    };
  }

  private async alone<T>(act: () => Promise<T>): Promise<T> {
    // It would wait for itself.
    if (this.inside.getStore() === true) throw new Error('inside of a transaction, use its own queries');
    const turn = this.last.then(act);
    this.last = turn.catch(() => undefined);
    return await turn;
  }

  private rows<R extends object>(sql: string, values: readonly SqlValue[]): R[] {
    return told(() => this.connection.prepare(sql).all(...values) as R[]);
  }

  private change(sql: string, values: readonly SqlValue[]): number {
    return told(() => this.connection.prepare(sql).run(...values).changes);
  }
}

/** The engine's own wait would stop the whole process, and with it the one that is waited for if it is in there. */
async function patient<T>(act: () => T): Promise<T> {
  for (let waited = 0; ; waited += LOOK_MS) {
    try {
      return act();
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY' || waited >= BUSY_MS) throw error;
    }
    await pause(LOOK_MS);
  }
}

function told<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
      throw new DuplicateKey((error as Error).message, { cause: error });
    }
    throw error;
  }
}
