import type { Clock } from '../../protocol/index.js';
import type { Progress } from '../types.js';
import type { Counters } from './counters.js';
import type { Flight, InFlight } from './in-flight.js';
import type { Outages } from './outages.js';
import type { RateWindow } from './rate.js';

export interface ProgressParts {
  counters: Counters;
  inFlight: InFlight;
  outages: Outages;
  rate: RateWindow;
  /** When this process began to play. */
  startedAt: number;
  /** More of the dataset is still being planned. */
  planning: boolean;
}

/** A moment of the run, from counters alone. */
export function progressOf(parts: ProgressParts, now: number): Progress {
  const { counters, inFlight, outages } = parts;
  const elapsedMs = Math.max(0, now - parts.startedAt);
  const rate = parts.rate.perSecond(now);
  const waiting = outages.current();
  const left = counters.balance.owed + inFlight.size;
  const [oldest] = inFlight.oldest(1);
  return {
    ...counters.balance,
    inFlight: inFlight.size,
    meanReward: counters.meanReward,
    elapsedMs,
    rolloutsPerSecond: rate,
    etaMs: rate === 0 || waiting !== null || parts.planning ? null : (left / rate) * 1000,
    waiting,
    planning: parts.planning,
    oldest:
      oldest === undefined
        ? null
        : {
            episodeId: oldest.call.episodeId,
            phase: oldest.phase,
            detail: detailOf(oldest, outages),
            idleMs: Math.max(0, now - oldest.movedAt),
          },
  };
}

/** How many requests are out is told as it is now, not as it was when the episode began to wait for its turn. */
function detailOf({ phase, detail }: Flight, outages: Outages): string {
  if (phase !== 'queued' || !/^\d+ requests out$/.test(detail)) return detail;
  const out = outages.requestsOut();
  return out === null ? '' : `${out} requests out`;
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
