/** What a column holds. Bytes are kept as base64 text by whoever needs them. */
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** SQL with `?` in the place of each value, on either engine; the statements themselves must be in the common subset. */
export interface Queries {
  /** Every row of the answer, in its order. */
  all<R extends object = SqlRow>(sql: string, ...values: readonly SqlValue[]): Promise<R[]>;
  /** Runs a statement; how many rows it changed. A unique key that is taken throws {@link DuplicateKey}. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /**
   * Tells every listener of a channel, in this process and, on PostgreSQL, in all others. Inside of a transaction they
   * are told when it is committed, and never when it is rolled back. `payload`: at most 7,000 bytes.
   */
  notify(channel: string, payload: string): Promise<void>;
}

/** `null`: the connection was lost and is back, so notices may be missing; read anew what they tell about. */
export type Listener = (payload: string | null) => void;

/**
 * A SQL database. Calls may overlap; each one is whole. Throws {@link DatabaseGone} while it cannot be reached, and
 * works again by itself when it can.
 */
export interface Database extends Queries {
  readonly engine: 'sqlite' | 'postgres';
  /**
   * Runs `work` with everything in it or nothing. Inside, only `queries` may be used. Transactions see each other as if
   * they had run one after the other (those that collide are run again), so `work` must have no effect but in the database.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Resolves when notices are being received; the result ends it. */
  listen(channel: string, listener: Listener): Promise<() => void>;
  close(): Promise<void>;
}

/** A row with this key is there already. */
export class DuplicateKey extends Error {
  override readonly name = 'DuplicateKey';
}

/** The database does not answer, or refuses every connection. */
export class DatabaseGone extends Error {
  override readonly name = 'DatabaseGone';
}

/** The largest text that {@link Queries.notify} takes. PostgreSQL has 8,000 for payload and channel. Unit: bytes. */
export const MAX_NOTICE_BYTES = 7_000;
