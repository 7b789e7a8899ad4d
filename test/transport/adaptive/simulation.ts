import type { Change, Controller, Finish } from '../../../src/transport/adaptive/types.js';

/** A simulated provider: decides the fate of a request at its arrival. */
export interface SimulatedProvider {
  arrive(now: number): {
    result: Finish['result'];
    latencyMs: number;
    retryAfterMs?: number;
    weight?: number;
  };
  /** A request of an accepted kind has left. */
  leave(now: number): void;
}

export interface Client {
  controller: Controller;
  changes: Change[];
  /** Answers, each counted with its weight (1, or its tokens). */
  answered: number;
  sent: number;
  refused: number;
  /** Requests waiting out a refusal: they come back at these times. */
  returning: number[];
}

interface Event {
  at: number;
  run(): void;
}

/** A binary heap would do; a sorted insert is fast enough here and shorter. */
class Queue {
  readonly #events: Event[] = [];

  push(event: Event): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.at <= event.at) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
  }

  shift(): Event | undefined {
    return this.#events.shift();
  }
}

export function client(make: (onChange: (change: Change) => void) => Controller): Client {
  const changes: Change[] = [];
  const controller = make((change) => changes.push(change));
  return { controller, changes, answered: 0, sent: 0, refused: 0, returning: [] };
}

/**
 * Runs clients that always have work against one provider for some virtual time. Each client has `workers`
 * episodes; a refused one waits as told (or 2 s) before it asks again, like the retry policy.
 */
export function simulate(
  provider: SimulatedProvider,
  clients: Client[],
  durationMs: number,
  workers = 400,
): void {
  const queue = new Queue();
  let now = 0;
  for (const one of clients) {
    let ready = workers;
    let wakeAt = Infinity;
    const pump = (): void => {
      while (ready > 0) {
        const next = one.controller.nextStart(now);
        if (next > now) {
          if (next !== Infinity && next < wakeAt) {
            wakeAt = next;
            queue.push({
              at: next,
              run() {
                wakeAt = Infinity;
                pump();
              },
            });
          }
          return;
        }
        send();
      }
    };
    const send = (): void => {
      ready -= 1;
      one.sent += 1;
      const ticket = one.controller.start(now);
      const { result, latencyMs, retryAfterMs, weight = 1 } = provider.arrive(now);
      queue.push({
        at: now + latencyMs,
        run() {
          if (result === 'ok') provider.leave(now);
          if (result === 'ok') one.answered += weight;
          else one.refused += result === 'refused' ? 1 : 0;
          one.controller.finish(ticket, { now, result, ...(retryAfterMs !== undefined && { retryAfterMs }) });
          const back = result === 'ok' ? 0 : Math.max(retryAfterMs ?? 2_000, 250);
          queue.push({
            at: now + back,
            run() {
              ready += 1;
              pump();
            },
          });
          pump();
        },
      });
    };
    queue.push({ at: 0, run: pump });
  }
  for (;;) {
    const event = queue.shift();
    if (event === undefined || event.at > durationMs) return;
    now = event.at;
    event.run();
  }
}

/** A controller that never changes: what the adaptive one is measured against. */
export function fixed(limit: number): Controller {
  let inFlight = 0;
  return {
    limit,
    get inFlight() {
      return inFlight;
    },
    nextStart: () => (inFlight < limit ? 0 : Infinity),
    start(now) {
      inFlight += 1;
      return { startedAt: now, inFlight, epoch: 0, serial: 0 };
    },
    finish() {
      inFlight -= 1;
    },
  };
}

/** Pseudo-random numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
