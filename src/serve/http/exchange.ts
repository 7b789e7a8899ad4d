import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request and the reply to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without query and rollout prefix, still percent-encoded; starts with `/`. */
  readonly path: string;
  /** From a `/ng-rollout/<id>/` prefix; null without one. */
  readonly rolloutId: string | null;
  /** Value of the `{name}` segment of the matched route, decoded; empty for other routes. */
  segment: string;
  /** Aborted when the client hangs up or the server's patience at shutdown ends. */
  readonly signal: AbortSignal;
  /** Aborts the signal. */
  readonly cancel: (reason: unknown) => void;
  /** Set before the handler runs, sent with whatever answer follows, errors included. */
  readonly headers: Record<string, string>;
}

/** An answer: JSON text or any other text. A handler that streams writes to the response and returns nothing. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Default: `application/json`; null for an answer without a body. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export function json(value: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(value) };
}

const PREFIX = /^\/ng-rollout\/([A-Za-z0-9][A-Za-z0-9._-]{0,127})(?:\/training-token-capture)?(\/.*)$/;

/** Splits a request target into path and rollout id; the query is dropped, no route reads one. */
export function splitTarget(target: string): { path: string; rolloutId: string | null } {
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  if (!path.startsWith('/ng-rollout/')) return { path, rolloutId: null };
  const match = PREFIX.exec(path);
  return match === null ? { path, rolloutId: null } : { path: match[2]!, rolloutId: match[1]! };
}
