import type { Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import { quotaOf } from './adaptive/quota-headers.js';
import type { Limiter, Observation } from './limiter.js';
import type { Step } from './wire.js';

function observationOf({ kind, details }: CallFailure): Observation {
  const { retryAfterMs } = details;
  return {
    result: kind === 'rate_limited' ? 'refused' : kind === 'overloaded' ? 'overloaded' : 'failed',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Holds a place of the limiter during each attempt; none is held while backing off. */
export function withLimit(limiter: Limiter, clock: Clock): Step {
  return (next) => async (request, call) => {
    const permit = await limiter.acquire(call, call.signal);
    let observation: Observation | undefined;
    try {
      const reply = await next(request, call);
      const quota = quotaOf(reply.headers, clock.now());
      observation = { result: 'ok', ...(quota !== undefined && { quota }) };
      return reply;
    } catch (error) {
      if (error instanceof CallFailure) observation = observationOf(error);
      throw error;
    } finally {
      permit.release(observation);
    }
  };
}
