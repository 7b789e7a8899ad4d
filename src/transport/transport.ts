import type { LookupFunction } from 'node:net';
import type { Clock, Reach } from '../protocol/index.js';
import { adaptiveLimiter } from './adaptive/adaptive-limiter.js';
import { createController } from './adaptive/controller.js';
import type { Change } from './adaptive/types.js';
import { ChangeLog } from './adaptive/change-log.js';
import { describeChanges } from './adaptive/describe-changes.js';
import type { RetryPolicy } from './backoff.js';
import { DEFAULT_RETRY } from './backoff.js';
import type { OutagePolicy } from './health/endpoints.js';
import { Endpoints } from './health/endpoints.js';
import { Lanes, limiterView } from './lanes.js';
import type { Limiter } from './limiter.js';
import { fixedLimiter } from './limiter.js';
import type { Notify } from './notices.js';
import { firstFailures } from './notices.js';
import { openStream } from './open-stream.js';
import { createPools } from './pool.js';
import type { SendOptions } from './send.js';
import { postHeld } from './post-held.js';
import { postJson } from './post-json.js';
import type { Redactor } from './redactor.js';
import type { RetryBudget } from './retry-budget.js';
import { withRetry } from './retry.js';
import type { Timeouts } from './timeouts.js';
import { DEFAULT_TIMEOUTS } from './timeouts.js';
import type { Exchange, Step, WireRequest } from './wire.js';
import { compose, plainBase } from './wire.js';

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
  /** Makes the allowance of second attempts of one endpoint. */
  newRetryBudget?: () => RetryBudget;
  /** What becomes of requests while no endpoint serves. Absent: they are sent all the same. */
  outage?: OutagePolicy;
  /** Records or replays; goes around everything else. */
  tape?: Step;
  /** Finds the addresses of a name, and may refuse them ({@link ForbiddenAddress}); default: the system's. */
  lookup?: LookupFunction;
}

export interface Transport {
  /** Retries, limits, logs and classifies; see the steps. */
  readonly exchange: Exchange;
  /** The same for streams: ends when the headers have come, and `read` gets the {@link ByteStream}. */
  readonly stream: Exchange;
  readonly limiter: Pick<Limiter, 'inFlight' | 'waiting' | 'limit'>;
  /**
   * From now on these endpoints (base URLs) are watched. `probe` makes a tiny request, with which one of them is asked
   * when it is in doubt or down.
   */
  watch(bases: readonly string[], probe: (base: string) => Promise<WireRequest<unknown>>): void;
  /** How the watched endpoints are; they can always be reached where there is no policy. */
  readonly reach: Reach;
  /** False while an endpoint is known to be down. */
  serves(base: string): boolean;
  /** The latest changes of the limit with their reasons, oldest first. */
  changes(): readonly Change[];
  /** Ends all connections; what is in flight fails. */
  close(): Promise<void>;
}

const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** The way from a JSON request to a read reply: tape → retry → the endpoint's limit and health → one POST over a pool. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, random, redactor, maxConcurrent, name, outage } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const pools = createPools({
    connections: maxConcurrent,
    connectMs: timeouts.connectMs,
    lookup: options.lookup,
  });
  const changes = new ChangeLog();
  const sending = { pools, timeouts, clock, maxReplyBytes: options.maxReplyBytes ?? MAX_REPLY_BYTES };
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const endpoints = outage && new Endpoints({ name, clock, random, policy: outage });
  const lanes = new Lanes({
    clock,
    maxClosedMs: retry.maxClosedMs,
    maxConcurrent,
    openLimiter: () => openLimiter(options, changes),
    newBudget: options.newRetryBudget,
    endpoints,
  });
  const steps = [
    withRetry({
      policy: retry,
      callMs: timeouts.callMs,
      clock,
      random,
      redactor,
      endpoints,
      targetOf: (request) => lanes.of(request),
      ...(options.notify !== undefined && { onFailure: firstFailures(options.notify) }),
    }),
  ];
  const tape = options.tape === undefined ? [] : [options.tape];
  const exchange = compose(lanes.around(postHeld(sending, postJson(sending))), [...tape, ...steps]);
  const stream = compose(lanes.around(openStream(sending)), steps);
  const probes = openProbes(sending);
  return {
    exchange,
    stream,
    limiter: limiterView(lanes),
    watch(bases, probe) {
      for (const base of bases.map(plainBase)) {
        endpoints?.watch(
          base,
          async (signal) => probes.ask(await probe(base), signal),
          () => loadOf(lanes.at(base).limiter),
        );
      }
    },
    reach: endpoints ?? UNWATCHED,
    serves: (base) => endpoints?.get(plainBase(base))?.down !== true,
    changes: () => changes.all(),
    async close() {
      endpoints?.close();
      await Promise.all([pools.close(), probes.close()]);
    },
  };
}

const UNWATCHED: Reach = { outage: () => null, endpoints: () => [] };

function loadOf({ inFlight, waiting, limit }: Limiter): { out: number; queued: number; limit: number } {
  return { out: inFlight, queued: waiting, limit };
}

/** Probes have a connection of their own: all others may be taken by requests that hang. */
function openProbes(sending: SendOptions & { clock: Clock }) {
  const pools = createPools({ connections: 1, connectMs: sending.timeouts.connectMs });
  const post = postJson({ ...sending, pools });
  return {
    async ask(request: WireRequest<unknown>, signal: AbortSignal): Promise<void> {
      await post(
        { ...request, read: () => undefined },
        {
          signal,
          deadline: null,
          episodeId: 'probe',
          rolloutIndex: 0,
          attempts: [],
          onPhase: () => undefined,
        },
      );
    },
    close: () => pools.close(),
  };
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
  return adaptiveLimiter(
    createController({ max: maxConcurrent, onChange, listens: clock.turn !== undefined }),
    clock,
  );
}
