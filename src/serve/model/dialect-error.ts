import { CallFailure, type WireDialect } from '../../protocol/index.js';
import { writeError } from '../../translate/index.js';
import { HttpError, json, type Exchange, type Reply } from '../http/index.js';
import { DIALECT_PATHS } from './dialect-route.js';

/** Any failure in the words of the client's dialect, which its path tells; the status and the wait are kept. */
export function dialectError(
  error: unknown,
  exchange: Exchange | null,
  redact: (text: string) => string,
): Reply {
  const dialect: WireDialect = exchange?.path === DIALECT_PATHS.messages ? 'messages' : 'chat';
  const { status, headers, body } = writeError(dialect, asFailure(error));
  const extra = error instanceof HttpError ? error.headers : {};
  return { status, body: redact(json(body).body), headers: { ...headers, ...extra } };
}

function asFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof HttpError) {
    const { status } = error;
    return new CallFailure('bad_request', wordsOf(error), { status, retryable: false });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CallFailure('internal', message, { status: 500, retryable: true });
}

function wordsOf({ body }: HttpError): string {
  const { detail } = body as { detail?: unknown };
  if (typeof detail === 'string') return detail;
  const faults = Array.isArray(detail) ? (detail as { loc?: unknown[]; msg?: string }[]) : [];
  return faults.map(({ loc = [], msg = '' }) => `${loc.join('.')}: ${msg}`).join('; ');
}
