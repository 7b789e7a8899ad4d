import type { Call, Clock, EndpointStatus, Outage, Reach } from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import { Endpoint } from './endpoint.js';
import type { Leave } from './waiting-room.js';
import { waitIn, WaitingRoom } from './waiting-room.js';

/** What becomes of requests for which there is no endpoint that serves. */
export interface OutagePolicy {
  /** A request waits no longer than this for one to come back, in milliseconds; then it fails. Infinity: as long as it takes. */
  readonly maxWaitMs: number;
  /** Told at every change of any endpoint's state. */
  onChange?(): void;
}

export interface EndpointsOptions {
  /** Of the model or server, for messages. */
  name: string;
  clock: Clock;
  random: () => number;
  policy: OutagePolicy;
}

/** The endpoints of one model or server: it is out only when none of them serves. */
export class Endpoints implements Reach {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #room: WaitingRoom;

  constructor(private readonly options: EndpointsOptions) {
    this.#room = new WaitingRoom(options.clock, () => this.outage() === null);
  }

  watch(
    url: string,
    probe: (signal: AbortSignal) => Promise<void>,
    load?: () => EndpointStatus['load'],
  ): void {
    const { clock, random, policy } = this.options;
    const onChange = (): void => {
      this.#room.look();
      policy.onChange?.();
    };
    const onTrial = (): void => this.#room.letOne();
    const options = { url, clock, random, probe, onChange, onTrial, ...(load && { load }) };
    this.#endpoints.set(url, new Endpoint(options));
  }

  /** Undefined for one that is not watched. */
  get(url: string): Endpoint | undefined {
    return this.#endpoints.get(url);
  }

  outage(): Outage | null {
    return commonOutage([...this.#endpoints.values()].map(({ outage }) => outage));
  }

  endpoints(): readonly EndpointStatus[] {
    return [...this.#endpoints.values()].map((endpoint) => endpoint.status());
  }

  /** True when a request need not wait. */
  get free(): boolean {
    return this.#room.free;
  }

  /**
   * Waits until an endpoint serves, or until this request is to be tried; the episode's clocks stand still meanwhile. Throws a failure that says what is out
   * and when to come back, when that takes longer than the policy allows, and the signal's reason when it is aborted.
   */
  pass(call: Call, signal: AbortSignal): Promise<Leave> {
    const { policy, clock } = this.options;
    const tooLong = (): CallFailure => this.closed();
    const { maxWaitMs } = policy;
    return waitIn(this.#room, call, signal, { clock, maxWaitMs, detail: this.#describe(), tooLong });
  }

  close(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.close();
    this.#room.close();
  }

  /** The failure of a request that finds nothing to serve it. */
  closed(): CallFailure {
    return unreachable(this.options.name, this.outage(), this.options.clock.now());
  }

  #describe(): string {
    return describeOutage(this.options.name, this.outage());
  }
}

/** What is waited for: `policy_model (connection refused)`. */
export function describeOutage(name: string, outage: Outage | null): string {
  return outage === null ? name : `${name} (${outage.reason})`;
}

/** The failure of a request to something that is out. Begins with the address, as what clients are not told does. */
export function unreachable(name: string, outage: Outage | null, now: number): CallFailure {
  const retryAfterMs = Math.max(1_000, (outage?.nextTryAt ?? 0) - now);
  return new CallFailure('circuit_open', describeUnreachable(name, outage), {
    retryable: true,
    retryAfterMs,
  });
}

function describeUnreachable(name: string, outage: Outage | null): string {
  if (outage === null) return `${name} cannot be reached`;
  const { url, reason } = outage;
  return `${url}${name === url ? '' : ` of ${name}`} cannot be reached: ${reason}`;
}

/** The outage of several that stand in for each other; null as long as one of them serves. */
export function commonOutage(outages: Iterable<Outage | null>): Outage | null {
  let last: Outage | null = null;
  for (const outage of outages) {
    if (outage === null) return null;
    // Out since the last of them went; back with the first that is.
    const nextTryAt = earlier(last?.nextTryAt, outage.nextTryAt);
    last = { ...(last === null || outage.since > last.since ? outage : last), nextTryAt };
  }
  return last;
}

function earlier(a: number | null | undefined, b: number | null): number | null {
  if (a === undefined) return b;
  return a === null || b === null ? null : Math.min(a, b);
}
