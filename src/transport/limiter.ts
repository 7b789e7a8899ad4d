import type { Call } from '../protocol/index.js';

/** How a request that held a place went: what an adaptive limit learns from. */
export interface Observation {
  result: 'ok' | 'refused' | 'overloaded' | 'failed';
  /** The wait that a refusal asked for. */
  retryAfterMs?: number;
  /** The provider's word on its quota: requests left, and when it is whole again. */
  quota?: { left: number; resetMs: number };
}

export interface Permit {
  /** Gives the place back; safe to call twice. */
  release(observation?: Observation): void;
}

/** Bounds the requests to one endpoint that are out at a time. First come, first served. */
export interface Limiter {
  /** Waits for a place; rejects with the signal's reason when it is aborted first. */
  acquire(call: Call, signal: AbortSignal): Promise<Permit>;
  /** A place at once, or null; absent: only {@link acquire} gives one. Such a limiter learns nothing from how it went. */
  acquireNow?(signal: AbortSignal): Permit | null;
  /** Milliseconds for which the endpoint takes nothing at all (a told wait, a spent quota); 0 = it may take more. */
  closedFor(now: number): number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly limit: number;
}

interface Waiter {
  admit(): void;
}

/** A limit that never changes. */
export function fixedLimiter(limit: number): Limiter {
  const queue = new Set<Waiter>();
  let inFlight = 0;

  function permit(): Permit {
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        inFlight -= 1;
        const [next] = queue;
        if (next !== undefined) next.admit();
      },
    };
  }

  return {
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return queue.size;
    },
    limit,
    closedFor: () => 0,
    acquireNow(signal) {
      if (signal.aborted || inFlight >= limit) return null;
      inFlight += 1;
      return permit();
    },
    acquire(call, signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (inFlight < limit) {
        inFlight += 1;
        return Promise.resolve(permit());
      }
      call.onPhase('queued');
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          queue.delete(waiter);
          reject(signal.reason as Error);
        };
        const waiter: Waiter = {
          admit() {
            queue.delete(waiter);
            signal.removeEventListener('abort', onAbort);
            inFlight += 1;
            resolve(permit());
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.add(waiter);
      });
    },
  };
}
