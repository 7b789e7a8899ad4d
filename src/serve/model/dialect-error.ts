import { CallFailure, type WireDialect } from '../../protocol/index.js';
import { writeError } from '../../translate/index.js';
import { HttpError, json, notFound, type Exchange, type Reply, type Route } from '../http/index.js';
import { speaksMessages } from './client-dialect.js';

/** Any failure in the words of the client's dialect; the status and the wait are kept. */
export function dialectError(
  error: unknown,
  exchange: Exchange | null,
  { routes, redact }: { routes: readonly Route[]; redact: (text: string) => string },
): Reply {
  const dialect: WireDialect = exchange !== null && speaksMessages(exchange) ? 'messages' : 'chat';
  const { status, headers, body } = writeError(dialect, asFailure(error, exchange, routes));
  const extra = error instanceof HttpError ? error.headers : {};
  return { status, body: redact(json(body).body), headers: { ...headers, ...extra } };
}

function asFailure(error: unknown, exchange: Exchange | null, routes: readonly Route[]): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof HttpError) {
    const { status } = error;
    const kind = status === 404 ? 'not_found' : 'bad_request';
    const words = isUnrouted(error) && exchange !== null ? notServed(exchange, routes) : wordsOf(error);
    return new CallFailure(kind, words, { status, retryable: false });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CallFailure('internal', message, { status: 500, retryable: true });
}

function isUnrouted({ status, body }: HttpError): boolean {
  return status === 404 && JSON.stringify(body) === JSON.stringify(notFound().body);
}

function notServed({ request, path }: Exchange, routes: readonly Route[]): string {
  const asked = `${request.method ?? 'GET'} ${path.slice(0, 100)}`;
  const served = routes.map(({ method, path: own }) => `${method} ${own}`).join(', ');
  return `${asked} is not served here. Served are: ${served}`;
}

function wordsOf({ body }: HttpError): string {
  const { detail } = body as { detail?: unknown };
  if (typeof detail === 'string') return detail;
  const faults = Array.isArray(detail) ? (detail as { loc?: unknown[]; msg?: string }[]) : [];
  return faults.map(({ loc = [], msg = '' }) => `${loc.join('.')}: ${msg}`).join('; ');
}
