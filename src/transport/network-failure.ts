import type { FailureKind } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';

/** A name leads to an address that must not be asked. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly code = 'EFORBIDDEN';
}

interface Delivery {
  /** The request was being written, so the other end may have it. */
  sent: boolean;
  /** HTTP status, 0 before the headers. */
  status: number;
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'connect_refused',
  EHOSTUNREACH: 'connect_refused',
  ENETUNREACH: 'connect_refused',
  EADDRNOTAVAIL: 'connect_refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EFORBIDDEN: 'dns',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  ECONNABORTED: 'connection_reset',
  UND_ERR_SOCKET: 'connection_reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'connection_reset',
  UND_ERR_CLOSED: 'connection_reset',
  UND_ERR_DESTROYED: 'connection_reset',
  ETIMEDOUT: 'timeout_connect',
  UND_ERR_CONNECT_TIMEOUT: 'timeout_connect',
  UND_ERR_HEADERS_TIMEOUT: 'timeout_first_byte',
  UND_ERR_BODY_TIMEOUT: 'timeout_idle',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'oversized_reply',
};

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;

const WORDS: Partial<Record<FailureKind, string>> = {
  connect_refused: 'nothing accepts connections there. Is the server running, and is base_url right?',
  dns: 'the host name does not resolve. Check base_url and the network.',
  connection_reset: 'the connection was closed before the reply was complete.',
  tls: 'the secure connection could not be set up. Check http/https in base_url and the certificate.',
  timeout_connect: 'no connection within the limit. A firewall, a wrong address or an overloaded host.',
  timeout_first_byte: 'connected, but no answer began within the limit (first_byte_timeout_seconds).',
  timeout_idle: 'the answer began and then stopped for longer than the limit (idle_timeout_seconds).',
  oversized_reply: 'the headers of the reply are larger than 16 KiB.',
  garbage_reply: 'the other end does not speak HTTP as expected.',
};

/** The error that tells most: of several tried addresses the first one's, of a wrapped error its cause. */
function innermost(error: Error): Error & { code?: string } {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return innermost(error.errors[0]);
  const { cause } = error;
  if (!('code' in error) && cause instanceof Error) return innermost(cause);
  return error;
}

function kindOf(code: string, delivery: Delivery): FailureKind {
  if (TLS.test(code)) return 'tls';
  if (code.startsWith('HPE_') || code === 'HTTPParserError') return 'garbage_reply';
  const kind = KINDS[code];
  // A socket that times out at TCP level after the request was written is a lost connection.
  if (kind === 'timeout_connect' && delivery.sent) return 'connection_reset';
  return kind ?? 'connection_reset';
}

/** A fault of socket, name service or TLS as a typed failure that says where and what to look at. */
export function networkFailure(error: Error, url: string, delivery: Delivery): CallFailure {
  const inner = innermost(error);
  const code = inner.code ?? inner.name;
  const kind = kindOf(code, delivery);
  const { origin } = new URL(url);
  const words = inner instanceof ForbiddenAddress ? inner.message : (WORDS[kind] ?? inner.message);
  return new CallFailure(kind, `${origin}: ${words} (${code})`, {
    retryable: true,
    ...(delivery.status > 0 && { status: delivery.status }),
    cause: new Delivered(delivery.sent, error),
  });
}

/** Cause of a network failure that keeps whether the request may have reached the other end. */
export class Delivered extends Error {
  override readonly name = 'Delivered';

  constructor(
    readonly sent: boolean,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** True when the other end may have acted on the request although no whole reply came. */
export function maybeDelivered(failure: CallFailure): boolean {
  if (failure.details.sent === false) return false;
  return !(failure.cause instanceof Delivered) || failure.cause.sent;
}
