import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Json } from '../../protocol/index.js';
import { splitTarget, type Exchange, type Reply } from './exchange.js';
import type { Guard } from './guard.js';
import { HttpError } from './http-error.js';
import { createRouter, type Find, type Route } from './route.js';

export interface AppOptions {
  /** The routes, or what finds one. */
  routes: readonly Route[] | Find;
  guard: Guard;
  /** Removes secrets from texts that leave in error bodies. */
  redact: (text: string) => string;
  /** Turns anything that a handler threw into an answer; default: `{detail}` bodies. */
  onError?: (error: unknown, exchange: Exchange | null) => Reply;
  /** Runs before the handler: sessions. */
  before?: (exchange: Exchange) => void;
  /** Aborted when the server gives up waiting for requests in flight. */
  shutdown: AbortSignal;
}

/** The request listener of one server: guard, route, handler, answer. Never throws, always answers. */
export function createApp(options: AppOptions): RequestListener {
  const route = typeof options.routes === 'function' ? options.routes : createRouter(options.routes);
  const onError = options.onError ?? ((error) => plainError(error, options.redact));
  // One listener for all: thousands on one signal would cost more than the requests.
  const running = new Set<AbortController>();
  options.shutdown.addEventListener('abort', () => {
    for (const abort of running) abort.abort(options.shutdown.reason);
  });
  return (request, response) => {
    void answer(request, response);
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const abort = new AbortController();
    const hangUp = (): void => {
      if (!response.writableFinished) abort.abort(new Error('the client hung up'));
    };
    response.once('close', hangUp);
    running.add(abort);
    let exchange: Exchange | null = null;
    try {
      const { path, rolloutId } = splitTarget(request.url ?? '/');
      exchange = {
        request,
        response,
        path,
        rolloutId,
        segment: '',
        signal: abort.signal,
        cancel: (reason) => abort.abort(reason),
        headers: {},
      };
      options.guard(request, path);
      const { route: found, segment } = route(request.method ?? 'GET', path);
      exchange.segment = segment;
      options.before?.(exchange);
      const reply = await found.handle(exchange);
      if (reply !== undefined) send(response, reply, exchange.headers);
    } catch (error) {
      fail(response, onError(tooDeep(error) ?? error, exchange), exchange?.headers ?? {});
    } finally {
      running.delete(abort);
    }
  }
}

/** Only a client's own nesting uses up the stack here: each handler walks no more than the body that it was given. */
function tooDeep(error: unknown): HttpError | undefined {
  return error instanceof RangeError && /call stack/i.test(error.message)
    ? new HttpError(400, { detail: 'The JSON of the request is nested too deeply' })
    : undefined;
}

function send(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, {
    ...(reply.type !== null && { 'content-type': reply.type ?? 'application/json' }),
    ...(reply.status !== 204 && { 'content-length': Buffer.byteLength(reply.body) }),
    ...headers,
    ...reply.headers,
  });
  response.end(reply.body);
}

/** A stream that has begun cannot change its status: it is cut, so that the client sees that it is not whole. */
function fail(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  if (response.headersSent) response.destroy();
  else send(response, reply, headers);
}

export function plainError(error: unknown, redact: (text: string) => string): Reply {
  if (error instanceof HttpError) {
    return { status: error.status, body: redact(JSON.stringify(error.body)), headers: error.headers };
  }
  const body: Json = { detail: error instanceof Error ? error.message : String(error) };
  return { status: 500, body: redact(JSON.stringify(body)) };
}
