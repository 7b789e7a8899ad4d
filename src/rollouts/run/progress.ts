import type { Clock } from '../../protocol/index.js';
import type { Progress } from '../types.js';
import type { Counters } from './counters.js';
import type { InFlight } from './in-flight.js';

/** A moment of the run, from counters alone. `startedAt` is when this process began to play. */
export function progressOf(counters: Counters, inFlight: InFlight, startedAt: number, now: number): Progress {
  const elapsedMs = Math.max(0, now - startedAt);
  const rate = elapsedMs === 0 ? 0 : (counters.finished / elapsedMs) * 1000;
  const left = counters.balance.owed + inFlight.size;
  const [oldest] = inFlight.oldest(1);
  return {
    ...counters.balance,
    inFlight: inFlight.size,
    meanReward: counters.meanReward,
    elapsedMs,
    rolloutsPerSecond: rate,
    etaMs: rate === 0 ? null : (left / rate) * 1000,
    oldest:
      oldest === undefined
        ? null
        : {
            episodeId: oldest.call.episodeId,
            phase: oldest.phase,
            detail: oldest.detail,
            idleMs: Math.max(0, now - oldest.movedAt),
          },
  };
}

/** Calls `tick` every `everyMs` until the returned function is called. */
export function every(clock: Clock, everyMs: number, tick: () => void): () => void {
  const end = new AbortController();
  const loop = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(everyMs, end.signal);
      tick();
    }
  };
  loop().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return () => {
    end.abort();
  };
}
