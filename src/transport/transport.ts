import type { Clock } from '../protocol/index.js';
import { adaptiveLimiter } from './adaptive/adaptive-limiter.js';
import { createController } from './adaptive/controller.js';
import type { Change } from './adaptive/types.js';
import { ChangeLog } from './adaptive/change-log.js';
import { describeChanges } from './adaptive/describe-changes.js';
import type { RetryPolicy } from './backoff.js';
import { DEFAULT_RETRY } from './backoff.js';
import { withLimit } from './limit.js';
import type { Limiter } from './limiter.js';
import { fixedLimiter } from './limiter.js';
import type { Notify } from './notices.js';
import { firstFailures } from './notices.js';
import { openStream } from './open-stream.js';
import { createPools } from './pool.js';
import { postHeld } from './post-held.js';
import { postJson } from './post-json.js';
import type { Redactor } from './redactor.js';
import type { RetryBudget } from './retry.js';
import { withRetry } from './retry.js';
import type { Timeouts } from './timeouts.js';
import { DEFAULT_TIMEOUTS } from './timeouts.js';
import type { Exchange, Step } from './wire.js';
import { compose } from './wire.js';

export interface TransportOptions {
  /** Name of the model server, for notices. */
  name: string;
  /** Most requests at a time; also the number of connections. */
  maxConcurrent: number;
  /** False: always `maxConcurrent`; default: what the provider takes, up to that. */
  adaptive?: boolean;
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
  /** The same for streams: ends when the headers have come, and `read` gets the {@link ByteStream}. */
  readonly stream: Exchange;
  readonly limiter: Limiter;
  /** The latest changes of the limit with their reasons, oldest first. */
  changes(): readonly Change[];
  /** Ends all connections; what is in flight fails. */
  close(): Promise<void>;
}

const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** The way from a JSON request to a read reply: tape → retry → limit → one POST over a pool per origin. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, random, redactor } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const pools = createPools({ connections: options.maxConcurrent, connectMs: timeouts.connectMs });
  const changes = new ChangeLog();
  const limiter = openLimiter(options, changes);
  const sending = { pools, timeouts, clock, maxReplyBytes: options.maxReplyBytes ?? MAX_REPLY_BYTES };
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const steps = [
    withRetry({
      policy: retry,
      callMs: timeouts.callMs,
      clock,
      random,
      redactor,
      ...(options.retryBudget !== undefined && { budget: options.retryBudget }),
      ...(options.notify !== undefined && { onFailure: firstFailures(options.notify) }),
    }),
    withLimit(limiter, clock, retry.maxClosedMs),
  ];
  const tape = options.tape === undefined ? [] : [options.tape];
  const exchange = compose(postHeld(sending, postJson(sending)), [...tape, ...steps]);
  const stream = compose(openStream(sending), steps);
  return { exchange, stream, limiter, changes: () => changes.all(), close: () => pools.close() };
}

function openLimiter(
  { adaptive, clock, maxConcurrent, name, notify }: TransportOptions,
  log: ChangeLog,
): Limiter {
  if (adaptive === false) return fixedLimiter(maxConcurrent);
  const tell = notify === undefined ? undefined : describeChanges(notify, name);
  const onChange = (change: Change): void => {
    log.add(change);
    tell?.(change);
  };
  return adaptiveLimiter(createController({ max: maxConcurrent, onChange }), clock);
}
