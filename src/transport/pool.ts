import type { LookupFunction } from 'node:net';
import type { Pool } from 'undici';
import { endingConnector } from './connector.js';

export interface PoolOptions {
  /** Most connections to one origin. */
  connections: number;
  /** Milliseconds that an idle connection is kept, unless the server's Keep-Alive hint is shorter. */
  keepAliveMs?: number;
  connectMs: number;
  /** Finds the addresses of a name, and may refuse them; default: the system's. */
  lookup?: LookupFunction | undefined;
}

export interface Pools {
  /** The pool of an origin (`https://host:port`), made at first use. */
  get(origin: string): Promise<Pool>;
  /** Ends every connection now, whatever the peers do. */
  close(): Promise<void>;
}

/** TCP probes start after this silence, so that a load balancer or a dead peer is noticed on long calls. */
const TCP_KEEPALIVE_MS = 30_000;

/** One undici pool per origin. undici is loaded with the first request, to keep it out of start-up. */
export function createPools(options: PoolOptions): Pools {
  const pools = new Map<string, Promise<Pool>>();
  let closed = false;

  async function open(origin: string): Promise<Pool> {
    const [{ default: UndiciPool }, { default: buildConnector }] = await Promise.all([
      import('undici/lib/dispatcher/pool.js'),
      import('undici/lib/core/connect.js'),
    ]);
    const connect = buildConnector({
      timeout: options.connectMs,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEPALIVE_MS,
      ...(options.lookup !== undefined && { lookup: options.lookup }),
    });
    return new UndiciPool(origin, {
      connections: options.connections,
      pipelining: 1,
      keepAliveTimeout: options.keepAliveMs ?? 4_000,
      keepAliveMaxTimeout: 600_000,
      connect: endingConnector(connect),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  return {
    get(origin) {
      if (closed) return Promise.reject(new Error(`the pool of ${origin} is closed`));
      let pool = pools.get(origin);
      if (pool === undefined) {
        pool = open(origin);
        pools.set(origin, pool);
      }
      return pool;
    },
    async close() {
      closed = true;
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map(async (pool) => (await pool).destroy()));
    },
  };
}
