import type { Clock } from '../protocol/index.js';
import type { RetryPolicy } from './backoff.js';
import { DEFAULT_RETRY } from './backoff.js';
import { withLimit } from './limit.js';
import type { Limiter } from './limiter.js';
import { fixedLimiter } from './limiter.js';
import type { Notify } from './notices.js';
import { firstFailures } from './notices.js';
import { createPools } from './pool.js';
import { postJson } from './post-json.js';
import type { Redactor } from './redactor.js';
import type { RetryBudget } from './retry.js';
import { withRetry } from './retry.js';
import type { Timeouts } from './timeouts.js';
import { DEFAULT_TIMEOUTS } from './timeouts.js';
import type { Exchange, Step } from './wire.js';
import { compose } from './wire.js';

export interface TransportOptions {
  /** Most requests at a time; also the number of connections. */
  maxConcurrent: number;
  timeouts?: Partial<Timeouts>;
  retry?: Partial<RetryPolicy>;
  /** Largest reply that is read, in bytes. Default 64 MiB. */
  maxReplyBytes?: number;
  clock: Clock;
  random: () => number;
  redactor: Redactor;
  notify?: Notify;
  retryBudget?: RetryBudget;
  /** Records or replays; goes around everything else. */
  tape?: Step;
}

export interface Transport {
  /** Retries, limits, logs and classifies; see the steps. */
  readonly exchange: Exchange;
  readonly limiter: Limiter;
  /** Ends all connections; what is in flight fails. */
  close(): Promise<void>;
}

const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** The way from a JSON request to a read reply: tape → retry → limit → one POST over a pool per origin. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, random, redactor } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const pools = createPools({ connections: options.maxConcurrent, connectMs: timeouts.connectMs });
  const limiter = fixedLimiter(options.maxConcurrent);
  const innermost = postJson({
    pools,
    timeouts,
    clock,
    maxReplyBytes: options.maxReplyBytes ?? MAX_REPLY_BYTES,
  });
  const exchange = compose(innermost, [
    ...(options.tape === undefined ? [] : [options.tape]),
    withRetry({
      policy: { ...DEFAULT_RETRY, ...options.retry },
      callMs: timeouts.callMs,
      clock,
      random,
      redactor,
      ...(options.retryBudget !== undefined && { budget: options.retryBudget }),
      ...(options.notify !== undefined && { onFailure: firstFailures(options.notify) }),
    }),
    withLimit(limiter, clock),
  ]);
  return { exchange, limiter, close: () => pools.close() };
}
