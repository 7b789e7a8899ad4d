/** How a session is found: alive, already finished (its state is gone), or not known. */
export type Lookup<State> = { kind: 'live'; state: State } | { kind: 'finished' } | { kind: 'unknown' };

interface Entry<State> {
  state: State;
  /** Epoch milliseconds; later use moves it on. */
  expires: number;
  /** Requests that work with it now; a session in use never expires. */
  users: number;
}

export interface StoreOptions<State> {
  /** A session that nothing has touched for so long is closed. Unit: milliseconds. */
  ttlMs: number;
  now: () => number;
  close: (state: State) => Promise<void>;
}

/** How many finished sessions are remembered, to tell a late request from a wrong one. */
const REMEMBERED = 10_000;

/**
 * The sessions of one environment server. Each leaves by `finish`, by time, or with the server: none can leak.
 * Errors of `close` are swallowed here: whoever asked has had the answer already.
 */
export class SessionStore<State> {
  private readonly live = new Map<string, Entry<State>>();
  private readonly finished = new Set<string>();

  constructor(private readonly options: StoreOptions<State>) {}

  get size(): number {
    return this.live.size;
  }

  add(id: string, state: State): void {
    this.live.set(id, { state, expires: this.options.now() + this.options.ttlMs, users: 0 });
  }

  find(id: string): Lookup<State> {
    const entry = this.live.get(id);
    if (entry !== undefined) return { kind: 'live', state: entry.state };
    return { kind: this.finished.has(id) ? 'finished' : 'unknown' };
  }

  /** Runs `work` while the session cannot expire. */
  async use<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const entry = this.live.get(id);
    if (entry === undefined) return work();
    entry.users++;
    try {
      return await work();
    } finally {
      entry.users--;
      entry.expires = this.options.now() + this.options.ttlMs;
    }
  }

  async finish(id: string): Promise<void> {
    const entry = this.live.get(id);
    if (entry === undefined) return;
    this.live.delete(id);
    this.finished.add(id);
    if (this.finished.size > REMEMBERED) {
      for (const oldest of this.finished) {
        this.finished.delete(oldest);
        break;
      }
    }
    await this.close(entry.state);
  }

  /** Closes what has expired; returns how many. */
  async sweep(): Promise<number> {
    const now = this.options.now();
    const old = [...this.live].filter(([, { users, expires }]) => users === 0 && expires <= now);
    await Promise.all(old.map(([id]) => this.finish(id)));
    return old.length;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.live.keys()].map((id) => this.finish(id)));
  }

  private async close(state: State): Promise<void> {
    try {
      await this.options.close(state);
    } catch {
      // Nobody is waiting for this session any more.
    }
  }
}
