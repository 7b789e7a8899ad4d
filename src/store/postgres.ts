import { setTimeout as pause } from 'node:timers/promises';
import type Pg from 'pg';
import type { Client, ClientBase, ClientConfig, CustomTypesConfig, Pool } from 'pg';
import { errors } from '../errors/index.js';
import {
  DatabaseGone,
  DuplicateKey,
  type Database,
  type Listener,
  type Queries,
  type SqlValue,
} from './database.js';
import { Listeners } from './listeners.js';
import { numbered } from './placeholders.js';

const CONNECTIONS = 8;
/** Counts and sequences, as numbers like SQLite's. */
const INT8 = 20;
/** How long to wait for a connection. Unit: ms. */
const CONNECT_MS = 5_000;
/** Between attempts to listen again after the connection was lost. Unit: ms. */
const AGAIN_MS = 250;
/** A transaction that collided with another is run again; more often than this means that something is wrong. */
const MAX_COLLISIONS = 20;

type Driver = Pick<typeof Pg, 'Client' | 'Pool' | 'types'>;

async function loadDriver(): Promise<Driver> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ? errors.postgresMissing() : error;
  }
}

/** PostgreSQL. A server that cannot be reached at all is an NgError (without the password); one that goes later is waited for. */
export async function openPostgres(url: string): Promise<Database> {
  const driver = await loadDriver();
  const types: CustomTypesConfig = {
    getTypeParser: (oid, format) =>
      ((oid as number) === INT8 ? Number : driver.types.getTypeParser(oid, format)) as never,
  };
  const settings: ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'ngym',
    types,
  };
  const pool = new driver.Pool({ ...settings, max: CONNECTIONS });
  // Idle connections that break are replaced when they are needed.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw errors.databaseCannotOpen(withoutPassword(url), error);
  }
  return new Postgres(pool, () => new driver.Client(settings));
}

export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password !== '') parsed.password = '***';
    if (parsed.searchParams.has('password')) parsed.searchParams.set('password', '***');
    return parsed.href;
  } catch {
    return 'postgres://…';
  }
}

class Postgres implements Database {
  readonly engine = 'postgres';
  private readonly listeners = new Listeners();
  private listening: Promise<Client> | null = null;
  private closed = false;

  constructor(
    private readonly pool: Pool,
    private readonly client: () => Client,
  ) {}

  all<R extends object>(sql: string, ...values: readonly SqlValue[]): Promise<R[]> {
    return queriesOf(this.pool).all<R>(sql, ...values);
  }

  run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return queriesOf(this.pool).run(sql, ...values);
  }

  notify(channel: string, payload: string): Promise<void> {
    return queriesOf(this.pool).notify(channel, payload);
  }

  async transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    for (let collisions = 0; ; collisions += 1) {
      const connection = await told(() => this.pool.connect());
      let broken: Error | undefined;
      try {
        await told(() => connection.query('begin isolation level serializable'));
        const result = await work(queriesOf(connection));
        await told(() => connection.query('commit'));
        return result;
      } catch (error) {
        if (error instanceof DatabaseGone) broken = error;
        else await connection.query('rollback').catch((cause: unknown) => (broken = cause as Error));
        if (!collided(error) || collisions === MAX_COLLISIONS) throw error;
      } finally {
        connection.release(broken);
      }
    }
  }

  async listen(channel: string, listener: Listener): Promise<() => void> {
    if (this.listeners.add(channel, listener)) {
      this.listening ??= this.startListening();
      const client = await this.listening;
      // A client that was started just now has asked for every channel already; asking twice does no harm.
      await told(() => client.query(`listen ${client.escapeIdentifier(channel)}`));
    }
    return () => {
      if (!this.listeners.remove(channel, listener) || this.closed) return;
      void this.listening
        ?.then((client) => client.query(`unlisten ${client.escapeIdentifier(channel)}`))
        .catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    const client = await this.listening?.catch(() => undefined);
    await client?.end().catch(() => undefined);
    await this.pool.end();
  }

  private async startListening(): Promise<Client> {
    const client = this.client();
    let lost = false;
    const again = (): void => {
      if (lost) return;
      lost = true;
      client.removeAllListeners('notification');
      if (!this.closed) this.listening = this.listenAgain();
    };
    client.on('error', () => undefined);
    client.on('notification', ({ channel, payload }) => this.listeners.tell(channel, payload ?? ''));
    await told(() => client.connect());
    client.on('end', again);
    for (const channel of this.listeners.channels()) {
      await told(() => client.query(`listen ${client.escapeIdentifier(channel)}`));
    }
    return client;
  }

  private async listenAgain(): Promise<Client> {
    for (;;) {
      // Not what keeps a program alive.
      await pause(AGAIN_MS, undefined, { ref: false });
      if (this.closed) throw new DatabaseGone('closed');
      try {
        const client = await this.startListening();
        for (const channel of this.listeners.channels()) this.listeners.tell(channel, null);
        return client;
      } catch (error) {
        if (!(error instanceof DatabaseGone)) throw error;
      }
    }
  }
}

function queriesOf(target: Pool | ClientBase): Queries {
  const ask = (sql: string, values: readonly SqlValue[]) =>
    told(() => target.query(numbered(sql), [...values]));
  return {
    all: async <R extends object>(sql: string, ...values: readonly SqlValue[]) =>
      (await ask(sql, values)).rows as R[],
    run: async (sql, ...values) => (await ask(sql, values)).rowCount ?? 0,
    notify: async (channel, payload) => {
      await ask('select pg_notify(?, ?)', [channel, payload]);
    },
  };
}

const GONE = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0[123]|53300)$/;

async function told<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === '23505') throw new DuplicateKey(message, { cause: error });
    const ended = code === undefined && /connection|terminat|not queryable/i.test(message);
    if (ended || GONE.test(code ?? '')) {
      throw new DatabaseGone('the database does not answer', { cause: error });
    }
    throw error;
  }
}

/** Serialization failure or deadlock: nothing of the transaction was kept. */
function collided(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === '40001' || code === '40P01';
}
