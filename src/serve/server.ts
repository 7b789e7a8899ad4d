import type { Clock } from '../protocol/index.js';
import {
  createApp,
  createGuard,
  json,
  listen,
  type Exchange,
  type Listening,
  type Reply,
  type Route,
} from './http/index.js';
import { openApi } from './openapi.js';

/** What every server of a process shares. */
export interface ServerContext {
  readonly clock: Clock;
  /** Asked of every request; null = none, which only loopback addresses allow. */
  readonly token: string | null;
  /** Largest request body. Unit: bytes. */
  readonly maxBodyBytes: number;
  /** Removes secrets from a body that we wrote. */
  redact(text: string): string;
  /** Removes secrets from a body that holds what models and users wrote. */
  redactContent(text: string): string;
}

export interface ServerSpec {
  /** Instance name, for messages and the description. */
  readonly name: string;
  readonly title: string;
  readonly host: string;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly onError?: (error: unknown, exchange: Exchange | null) => Reply;
  readonly before?: (exchange: Exchange) => void;
  /** Runs once after the last request: sessions, sweepers. */
  readonly onClose?: () => Promise<void>;
}

export interface RunningServer extends Omit<Listening, 'drain' | 'cut'> {
  readonly name: string;
  /**
   * Refuses new requests, lets those in flight finish for `graceMs`, then cuts them. Asked again, the shorter time
   * counts; all callers get the same end.
   */
  close(graceMs: number): Promise<void>;
}

/** A server with its own routes and those that all have: `/`, `/health`, `/openapi.json`. */
export async function startServer(spec: ServerSpec, context: ServerContext): Promise<RunningServer> {
  const shutdown = new AbortController();
  const routes = [...spec.routes, ...commonRoutes(spec)];
  const listener = createApp({
    routes,
    guard: createGuard({ host: spec.host, token: context.token }),
    redact: (text) => context.redact(text),
    shutdown: shutdown.signal,
    ...(spec.onError !== undefined && { onError: spec.onError }),
    ...(spec.before !== undefined && { before: spec.before }),
  });
  const listening = await listen(spec.name, spec.host, spec.port, listener);
  const { drain, cut, ...address } = listening;
  const timers = new Set<NodeJS.Timeout>();
  let over = false;
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    try {
      await drain();
    } finally {
      over = true;
      for (const timer of timers) clearTimeout(timer);
      await spec.onClose?.();
    }
  };
  const close = (graceMs: number): Promise<void> => {
    if (over) return ended!;
    // Work in flight is told to stop a moment before its connection is cut, so that it can still answer.
    timers.add(setTimeout(() => shutdown.abort(new Error('the server is shutting down')), graceMs));
    timers.add(setTimeout(cut, graceMs + LAST_WORDS_MS));
    ended ??= end();
    return ended;
  };
  return { ...address, name: spec.name, close };
}

const LAST_WORDS_MS = 500;

function commonRoutes(spec: ServerSpec): Route[] {
  const alive = (): Reply => json({ status: 'ok' });
  const status = { type: 'object', properties: { status: { const: 'ok' } } };
  const common: Route[] = [
    { method: 'GET', path: '/', summary: 'Lives', returns: status, handle: alive },
    { method: 'GET', path: '/health', summary: 'Lives', returns: status, handle: alive },
  ];
  let text: string | undefined;
  const describe = (): Reply => {
    text ??= JSON.stringify(openApi(spec.title, [...spec.routes, ...common]));
    return { status: 200, body: text };
  };
  return [...common, { method: 'GET', path: '/openapi.json', summary: 'This description', handle: describe }];
}
