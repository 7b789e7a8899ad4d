import type { Clock, Outage, Reach } from '../../protocol/index.js';
import type { OutagePolicy } from '../../transport/index.js';
import type { EndpointOf, Waiting } from '../types.js';

export interface OutageListener {
  /** Something that the run needs cannot be reached any more. */
  waiting(waiting: Waiting): void;
  /** Everything can be reached again, after so many milliseconds. */
  resumed(name: string, waitedMs: number): void;
  /** It took longer than allowed. */
  tooLong(waiting: Waiting): void;
}

/** `12:03:07`, local time. */
function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** `waiting for policy_model since 12:03:07 (connection refused), next try in 8 s`. */
function describe(name: string, { since, reason, nextTryAt }: Outage, now: number): string {
  const next =
    nextTryAt === null ? 'trying now' : `next try in ${Math.max(0, Math.ceil((nextTryAt - now) / 1000))} s`;
  return `waiting for ${name} since ${timeOfDay(since)} (${reason}), ${next}`;
}

/** Whether what the run needs over the network can be reached: models, judges, environments, agents. */
export class Outages {
  /** For everything that sends requests. */
  readonly policy: OutagePolicy = { maxWaitMs: Infinity, onChange: () => this.look() };
  private reaches: ReadonlyMap<string, Reach> = new Map();
  private listener: OutageListener | undefined;
  private maxMs = Infinity;
  private told: { name: string; since: number } | null = null;
  private waiters: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  /** From now on the listener is told. `maxSeconds` 0 = an outage is too long at once. */
  follow(reaches: ReadonlyMap<string, Reach>, maxSeconds: number, listener: OutageListener): void {
    this.reaches = reaches;
    this.maxMs = maxSeconds * 1000;
    this.listener = listener;
    this.look();
  }

  /** What has been out for longest; null = all can be reached. */
  current(): Waiting | null {
    let found: { name: string; outage: Outage } | null = null;
    for (const [name, reach] of this.reaches) {
      const outage = reach.outage();
      if (outage !== null && (found === null || outage.since < found.outage.since)) found = { name, outage };
    }
    if (found === null) return null;
    const { name, outage } = found;
    return { name, ...outage, text: describe(name, outage, this.clock.now()) };
  }

  endpoints(): EndpointOf[] {
    return [...this.reaches].flatMap(([server, reach]) =>
      reach.endpoints().map((endpoint) => ({ server, ...endpoint })),
    );
  }

  /** Requests that are out at all endpoints; null where nobody counts. */
  requestsOut(): number | null {
    const loads = this.endpoints().flatMap(({ load }) => (load === null ? [] : [load.out]));
    return loads.length === 0 ? null : loads.reduce((sum, out) => sum + out, 0);
  }

  /** Looks again: something changed, or time has passed. */
  look(): void {
    if (this.listener === undefined) return;
    const now = this.current();
    if (now === null) {
      const { told } = this;
      this.told = null;
      if (told !== null) this.listener.resumed(told.name, this.clock.now() - told.since);
      this.wake();
      return;
    }
    if (this.told?.name !== now.name || this.told.since !== now.since) {
      if (this.told?.name !== now.name) this.listener.waiting(now);
      this.told = { name: now.name, since: now.since };
    }
    if (this.clock.now() - now.since >= this.maxMs) this.listener.tooLong(now);
  }

  private wake(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const go of waiters) go();
  }

  /** Resolves once everything can be reached, or the signal is aborted. */
  async over(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.current() !== null) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.waiters.push(go);
        signal.addEventListener('abort', go, { once: true });
      });
    }
  }

  /** Nobody is told any more. */
  unfollow(): void {
    this.listener = undefined;
    this.wake();
  }
}
