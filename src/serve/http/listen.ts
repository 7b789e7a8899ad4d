import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errors } from '../../errors/index.js';

/** Longer than clients keep idle connections (undici 4 s, aiohttp 15 s), so that we are not the one who closes. */
const KEEP_ALIVE_MS = 30_000;
/** A client that needs longer than this to send its headers is not a client. */
const HEADERS_MS = 30_000;
const REQUEST_MS = 300_000;
const DRAIN_SWEEP_MS = 20;

export interface Listening {
  readonly host: string;
  /** The real port, also when 0 was asked for. */
  readonly port: number;
  readonly url: string;
  /** Open connections. */
  readonly connections: () => number;
  /** Refuses new connections; resolves when the last request is answered. */
  readonly drain: () => Promise<void>;
  /** Ends every connection now. */
  readonly cut: () => void;
}

/** Binds and serves. A busy port or a foreign address is an NgError that names the server. */
export async function listen(
  name: string,
  host: string,
  port: number,
  listener: RequestListener,
): Promise<Listening> {
  const limits = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS };
  const server = createServer(limits, listener);
  server.headersTimeout = HEADERS_MS;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(errors.cannotListen(name, host, port, error.code ?? error.message));
    });
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    host,
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    connections: () => sockets.size,
    cut: () => server.closeAllConnections(),
    drain: () =>
      new Promise((resolve) => {
        // A kept-alive connection becomes idle with its answer, and nobody else would close it then.
        const sweep = setInterval(() => server.closeIdleConnections(), DRAIN_SWEEP_MS);
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
