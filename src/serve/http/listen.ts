import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errors } from '../../errors/index.js';

/** Longer than clients keep idle connections (undici 4 s, aiohttp 15 s), so that we are not the one who closes. */
const KEEP_ALIVE_MS = 30_000;
/** A client that needs longer than this to send its headers is not a client. */
const HEADERS_MS = 30_000;
const REQUEST_MS = 300_000;

export interface Listening {
  readonly host: string;
  /** The real port, also when 0 was asked for. */
  readonly port: number;
  readonly url: string;
  /** Open connections. */
  connections(): number;
  /** Refuses new connections and resolves when the last request is answered; cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Binds and serves. A busy port or a foreign address is an NgError that names the server. */
export async function listen(
  name: string,
  host: string,
  port: number,
  listener: RequestListener,
): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS }, listener);
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
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
