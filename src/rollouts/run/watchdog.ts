import type { Clock, Phase } from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import type { Flight, InFlight } from './in-flight.js';

/**
 * Longest silence per phase when the user says nothing, in seconds. Every wait has a limit of its own where it
 * happens; these lie beyond them and catch what ignores its limit.
 */
const DEFAULT_SECONDS: Record<Phase, number> = {
  opening: 1800,
  tool: 1800,
  verifying: 1800,
  closing: 1800,
  queued: 3900,
  connecting: 3900,
  awaiting_first_byte: 3900,
  receiving: 3900,
  backing_off: 3900,
  waiting: Infinity,
};

const WITH_DETAIL: Partial<Record<Phase, string>> = {
  backing_off: 'backing off until',
  waiting: 'waiting for',
};

/** What an episode is doing, for people: `tool get_weather`, `backing off until <time>`. */
export function describePhase({ phase, detail }: Pick<Flight, 'phase' | 'detail'>): string {
  const words =
    detail === '' ? phase.replaceAll('_', ' ') : (WITH_DETAIL[phase] ?? phase.replaceAll('_', ' '));
  return detail === '' ? words : `${words} ${detail}`;
}

/**
 * Fails every episode that has been silent for too long, with what it was doing. `seconds` replaces the limits of
 * all phases; 0 = no limit.
 */
export function failSilent(inFlight: InFlight, clock: Clock, seconds: number | null): void {
  if (seconds === 0) return;
  const now = clock.now();
  for (const flight of inFlight.all()) {
    const limit = seconds ?? DEFAULT_SECONDS[flight.phase];
    if (flight.paused > 0 || now - flight.movedAt < limit * 1000) continue;
    const message = `no progress for ${limit} s while ${describePhase(flight)}`;
    flight.fail(new CallFailure('episode_timeout', message, { retryable: true }));
  }
}
