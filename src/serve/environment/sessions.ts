import { randomBytes, randomUUID } from 'node:crypto';
import type { Call, Environment, StepResult, TaskRow } from '../../protocol/index.js';
import { HttpError, type Exchange } from '../http/index.js';
import { SessionCookies, SessionStore } from '../session/index.js';

/** One episode's state on the server. */
export interface EnvironmentSession {
  /** What `Environment.open` gave. */
  readonly opened: unknown;
  readonly episodeId: string;
  readonly rolloutIndex: number;
  /** The last step, for a client that asks for the same one twice. */
  lastStep?: { id: string; result: Promise<StepResult> };
}

export interface SessionsOptions {
  environment: Environment;
  ttlMs: number;
  now: () => number;
}

/** A session that a request works with; `id` is null for one that lives only as long as the request. */
export interface Found {
  readonly id: string | null;
  readonly session: EnvironmentSession;
}

/** Sessions of one environment server, found by the request's cookie. */
export class EnvironmentSessions {
  readonly store: SessionStore<EnvironmentSession>;
  private readonly cookies: SessionCookies;

  constructor(private readonly options: SessionsOptions) {
    const { environment, ttlMs, now } = options;
    this.cookies = new SessionCookies(environment.name, randomBytes(32), now);
    this.store = new SessionStore({ ttlMs, now, close: ({ opened }) => environment.close(opened) });
  }

  /** Re-sends the session's cookie with whatever answer follows, a 500 too: a lost cookie is a lost session. */
  remember(exchange: Exchange): void {
    const id = this.idOf(exchange);
    if (id !== null) exchange.headers['set-cookie'] = this.cookies.issue(id);
  }

  /** Opens an episode under a fresh id. An older session of the same client is left to its own end. */
  async open(exchange: Exchange, row: TaskRow, call: Call): Promise<Found> {
    const opened = await this.options.environment.open(row, call);
    const id = randomUUID();
    const session = { opened, episodeId: call.episodeId, rolloutIndex: call.rolloutIndex };
    this.store.add(id, session);
    exchange.headers['set-cookie'] = this.cookies.issue(id);
    return { id, session };
  }

  /** The live session of the request; null when it has none. 409 when its episode is over. */
  find(exchange: Exchange): Found | null {
    return this.live(this.idOf(exchange));
  }

  /** The live session of a signed name, as MCP clients send it. */
  named(value: string): Found | null {
    return this.live(this.cookies.verify(value));
  }

  nameOf({ id }: Found): string {
    return id === null ? '' : this.cookies.value(id);
  }

  private live(id: string | null): Found | null {
    if (id === null) return null;
    const found = this.store.find(id);
    if (found.kind === 'live') return { id, session: found.state };
    if (found.kind === 'unknown') return null;
    throw new HttpError(409, {
      detail: 'This session is over: its episode was verified or closed. POST /seed_session for a new one',
    });
  }

  /** Session id of the cookie; null when there is none or it is not ours. */
  idOf(exchange: Exchange): string | null {
    return this.cookies.read(exchange.request.headers.cookie);
  }
}
