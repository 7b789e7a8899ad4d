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

function closed(url: string, retryAfterMs: number): CallFailure {
  const text = `${new URL(url).origin} asked for no requests for another ${Math.ceil(retryAfterMs / 1000)} s.`;
  return new CallFailure('rate_limited', text, { retryable: true, retryAfterMs });
}

/**
 * Holds a place of the limiter during each attempt; none is held while backing off. An endpoint that takes nothing for
 * longer than `maxClosedMs` is not waited for: the request fails, and may be asked elsewhere.
 */
export function withLimit(limiter: Limiter, clock: Clock, maxClosedMs: number): Step {
  return (next) => async (request, call) => {
    const closedMs = limiter.closedFor(clock.now());
    if (closedMs > maxClosedMs) throw closed(request.url, closedMs);
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
