import type { Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import { quotaOf } from './adaptive/quota-headers.js';
import type { Limiter, Observation, Permit } from './limiter.js';
import type { Step } from './wire.js';

/** Undefined: the provider has not said anything. */
function observationOf({ kind, details }: CallFailure): Observation | undefined {
  const { retryAfterMs, status } = details;
  const result = kind === 'rate_limited' ? 'refused' : kind === 'overloaded' ? 'overloaded' : 'failed';
  if (result === 'failed' && status === undefined) return undefined;
  return { result, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function closed(url: string, retryAfterMs: number): CallFailure {
  const text = `${new URL(url).origin} asked for no requests for another ${Math.ceil(retryAfterMs / 1000)} s.`;
  return new CallFailure('rate_limited', text, { retryable: true, retryAfterMs, sent: false });
}

/** A place of the limiter. A failure while waiting for it says that nothing was sent, and why it took so long. */
async function place(limiter: Limiter, clock: Clock, call: Call): Promise<Permit> {
  const since = clock.now();
  try {
    return await limiter.acquire(call, call.signal);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const seconds = ((clock.now() - since) / 1000).toFixed(1);
    const { inFlight, waiting, limit } = limiter;
    const text = `${error.message}; queued for ${seconds} s and never sent (${inFlight} out, ${waiting} more queued, at most ${limit} at a time)`;
    throw new CallFailure(error.kind, text, { ...error.details, sent: false, cause: error.cause });
  }
}

/**
 * Holds a place of the limiter during each attempt; none is held while backing off. An endpoint that takes nothing for
 * longer than `maxClosedMs` is not waited for: the request fails, and may be asked elsewhere.
 */
export function withLimit(limiter: Limiter, clock: Clock, maxClosedMs: number): Step {
  return (next) => async (request, call) => {
    const closedMs = limiter.closedFor(clock.now());
    if (closedMs > maxClosedMs) throw closed(request.url, closedMs);
    const free = limiter.acquireNow?.(call.signal) ?? null;
    if (free !== null) {
      try {
        return await next(request, call);
      } finally {
        free.release();
      }
    }
    const permit = await place(limiter, clock, call);
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
