import type { Clock } from '../protocol/index.js';
import type { Endpoint } from './health/endpoint.js';
import type { Endpoints } from './health/endpoints.js';
import { withLimit } from './limit.js';
import type { Limiter } from './limiter.js';
import { fixedLimiter } from './limiter.js';
import type { RetryBudget } from './retry-budget.js';
import type { Exchange, Step, WireRequest } from './wire.js';
import { compose, upstreamOf } from './wire.js';

/** What every endpoint has for itself: its limit, its allowance of second attempts, its health. */
export interface Lane {
  readonly upstream: string;
  readonly limiter: Limiter;
  readonly budget: RetryBudget | undefined;
  endpoint: Endpoint | undefined;
}

export interface LanesOptions {
  clock: Clock;
  /** An endpoint that takes nothing for longer is not waited for. Unit: milliseconds. */
  maxClosedMs: number;
  /** Most requests at a time, over all endpoints. */
  maxConcurrent: number;
  openLimiter: () => Limiter;
  newBudget?: (() => RetryBudget) | undefined;
  endpoints: Endpoints | undefined;
}

/** The lanes of one transport, by endpoint; made when they are first needed. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Upstreams by URL: there are few, and each request asks. */
  readonly #byUrl = new Map<string, Lane>();
  readonly #total: Limiter;

  constructor(private readonly options: LanesOptions) {
    this.#total = fixedLimiter(options.maxConcurrent);
  }

  all(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  of(request: WireRequest<unknown>): Lane {
    const known = this.#byUrl.get(request.url);
    if (known !== undefined) return known;
    const lane = this.at(upstreamOf(request));
    if (this.#byUrl.size < 1000) this.#byUrl.set(request.url, lane);
    return lane;
  }

  at(upstream: string): Lane {
    let lane = this.#lanes.get(upstream);
    if (lane === undefined) {
      const { openLimiter, newBudget, endpoints } = this.options;
      lane = { upstream, limiter: openLimiter(), budget: newBudget?.(), endpoint: endpoints?.get(upstream) };
      this.#lanes.set(upstream, lane);
    }
    return lane;
  }

  /** The limits of each endpoint around an exchange, and all endpoints' together where there are several. */
  around(innermost: Exchange): Exchange {
    const exchanges = new Map<Lane, Exchange>();
    return (request, call) => {
      const lane = this.of(request);
      let exchange = exchanges.get(lane);
      if (exchange === undefined) {
        exchange = compose(innermost, this.#steps(lane));
        exchanges.set(lane, exchange);
      }
      return exchange(request, call);
    };
  }

  #steps(lane: Lane): Step[] {
    const { clock, maxClosedMs } = this.options;
    const own = withLimit(lane.limiter, clock, maxClosedMs);
    // Counted from the first request on: another endpoint may come while it is out.
    const total = withLimit(this.#total, clock, Infinity);
    const watched: Step = (next) => (request, call) =>
      lane.endpoint === undefined ? next(request, call) : lane.endpoint.ask(call, () => next(request, call));
    return [own, total, watched];
  }
}

/** Limits of several endpoints as one, for those who look. */
export function limiterView(lanes: Lanes): Pick<Limiter, 'inFlight' | 'waiting' | 'limit'> {
  const sum = (of: (limiter: Limiter) => number): number =>
    lanes.all().reduce((total, { limiter }) => total + of(limiter), 0);
  return {
    get inFlight() {
      return sum(({ inFlight }) => inFlight);
    },
    get waiting() {
      return sum(({ waiting }) => waiting);
    },
    get limit() {
      return sum(({ limit }) => limit);
    },
  };
}
