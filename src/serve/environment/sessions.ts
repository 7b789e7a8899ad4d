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

/** The row that an episode over MCP will begin with, and its opening once that has begun. */
interface Reserved {
  row(): Promise<TaskRow>;
  opening?: Promise<Found>;
}

/** Sessions of one environment server, found by the request's cookie or, over MCP, by their signed name. */
export class EnvironmentSessions {
  readonly store: SessionStore<EnvironmentSession>;
  private readonly reserved: SessionStore<Reserved>;
  private readonly cookies: SessionCookies;

  constructor(private readonly options: SessionsOptions) {
    const { environment, ttlMs, now } = options;
    this.cookies = new SessionCookies(environment.name, randomBytes(32), now);
    this.store = new SessionStore({ ttlMs, now, close: ({ opened }) => environment.close(opened) });
    this.reserved = new SessionStore({ ttlMs, now, close: () => Promise.resolve() });
  }

  /** Re-sends the session's cookie with whatever answer follows, a 500 too: a lost cookie is a lost session. */
  remember(exchange: Exchange): void {
    const id = this.idOf(exchange);
    if (id !== null) exchange.headers['set-cookie'] = this.cookies.issue(id);
  }

  /** Opens an episode under a fresh id. An older session of the same client is left to its own end. */
  async open(exchange: Exchange, row: TaskRow, call: Call, id: string = randomUUID()): Promise<Found> {
    return this.keep(exchange, await this.options.environment.open(row, call), call, id);
  }

  /** The same for an episode that is open already. */
  keep(exchange: Exchange, opened: unknown, call: Call, id: string = randomUUID()): Found {
    const session = { opened, episodeId: call.episodeId, rolloutIndex: call.rolloutIndex };
    this.store.add(id, session);
    exchange.headers['set-cookie'] = this.cookies.issue(id);
    return { id, session };
  }

  /** The live session of the request; null when it has none. 409 when its episode is over. */
  find(exchange: Exchange): Found | null {
    return this.live(this.idOf(exchange));
  }

  /** Promises a session whose episode begins when it is first needed. Returns its signed name. */
  reserve(row: () => Promise<TaskRow>): string {
    const id = randomUUID();
    this.reserved.add(id, { row });
    return this.cookies.value(id);
  }

  /** Session id of a signed name, as MCP clients send it; null when it is not ours. */
  idNamed(value: string): string | null {
    return this.cookies.verify(value);
  }

  /** Whether there is such a session, open or promised. 409 when its episode is over. */
  has(id: string | null): id is string {
    return this.live(id) !== null || (id !== null && this.reserved.find(id).kind === 'live');
  }

  /** The session of that id, whose promised episode is opened now; a failed opening may be tried again. */
  async opened(exchange: Exchange, id: string, callOf: (row: TaskRow) => Call): Promise<Found | null> {
    const live = this.live(id);
    const found = this.reserved.find(id);
    if (live !== null || found.kind !== 'live') return live;
    const { state: reserved } = found;
    reserved.opening ??= reserved.row().then((row) => this.open(exchange, row, callOf(row), id));
    try {
      const opened = await reserved.opening;
      await this.reserved.finish(id);
      return opened;
    } catch (error) {
      delete reserved.opening;
      throw error;
    }
  }

  /** Closes what nothing has touched for too long. */
  async sweep(): Promise<void> {
    await Promise.all([this.store.sweep(), this.reserved.sweep()]);
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
