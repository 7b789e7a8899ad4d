import type { CallFailure, FailureKind } from '../../protocol/index.js';

/** What a failed request says of its endpoint. */
export interface Fault {
  /**
   * No request can be the cause: nothing was sent. Otherwise the request may have done it (a row that makes an
   * engine fail), and only another request can tell.
   */
  readonly unreachable: boolean;
  /** For people: `connection refused`, `HTTP 503`. */
  readonly reason: string;
  /** The wait that the endpoint asked for, in milliseconds. */
  readonly toldMs?: number;
}

const UNREACHABLE: Partial<Record<FailureKind, string>> = {
  connect_refused: 'connection refused',
  dns: 'its name does not resolve',
  timeout_connect: 'no connection',
};

/**
 * The fault of the endpoint that a failure may be a sign of; null = it says nothing of it. Silence (time-outs after the
 * request was sent) is none: a long thought looks the same.
 */
export function faultOf({ kind, details }: CallFailure): Fault | null {
  const unreachable = UNREACHABLE[kind];
  if (unreachable !== undefined) return { unreachable: true, reason: unreachable };
  const told = details.retryAfterMs === undefined ? {} : { toldMs: details.retryAfterMs };
  if (kind === 'connection_reset' && details.status === undefined)
    return { unreachable: false, reason: 'connection reset' };
  if (kind !== 'overloaded' && kind !== 'server_error') return null;
  const reason = details.status === undefined ? kind.replaceAll('_', ' ') : `HTTP ${details.status}`;
  return { unreachable: false, reason, ...told };
}

/** The endpoint read the request and refused it with reasons of its own: it serves. */
export function isAnswer({ details }: CallFailure): boolean {
  return details.status !== undefined && details.status >= 400;
}
