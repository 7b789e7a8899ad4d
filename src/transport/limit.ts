import type { Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { Limiter, Observation } from './limiter.js';
import type { Step } from './wire.js';

/** Kinds by which a provider says that it is given too much. */
const REFUSALS: ReadonlySet<string> = new Set(['rate_limited', 'overloaded']);

/** Holds a place of the limiter during each attempt; none is held while backing off. */
export function withLimit(limiter: Limiter, clock: Clock): Step {
  return (next) => async (request, call) => {
    const permit = await limiter.acquire(call, call.signal);
    const startedAt = clock.now();
    let observation: Observation | undefined;
    try {
      const reply = await next(request, call);
      observation = { startedAt, endedAt: clock.now(), result: 'ok' };
      return reply;
    } catch (error) {
      if (error instanceof CallFailure) {
        const { retryAfterMs } = error.details;
        observation = {
          startedAt,
          endedAt: clock.now(),
          result: REFUSALS.has(error.kind) ? 'refused' : 'failed',
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        };
      }
      throw error;
    } finally {
      permit.release(observation);
    }
  };
}
