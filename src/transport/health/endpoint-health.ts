import type { EndpointStatus } from '../../protocol/index.js';
import type { Fault } from './faults.js';

/** Requests that do well meanwhile clear a doubt for nothing: they get so long before the endpoint is asked. Unit: milliseconds. */
const DOUBT_MS = 500;
/** An endpoint that has just answered a probe is not asked again for a while: what fails is the requests' own fault. */
const CLEARED_MS = 5_000;
/** The same after a refused connection, which no request can have caused. */
const CLEARED_UNREACHABLE_MS = 1_000;
/** One failed probe may be chance, where several servers are behind one address. */
const PROBES_TO_BE_SURE = 2;
const SECOND_PROBE_MS = 200;
/** Pause before the first probe of an endpoint that is down; each further one doubles, up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Outages that are remembered for requests that failed in them. */
const KEPT_SPANS = 16;

/**
 * Tells an endpoint that cannot serve from requests that fail by their own fault. Pure: times come in, decisions go out.
 *
 * `up` → a fault → `suspect`. Any request that was sent after that fault and is answered clears it. If none is, a probe,
 * a tiny request of our own, is asked: answered, the requests were at fault; failed twice, the endpoint is `down` until a
 * probe is answered.
 */
export class EndpointHealth {
  #state: 'up' | 'suspect' | 'down' = 'up';
  #probing = false;
  /** Of the first fault of the current doubt or outage. */
  #since = 0;
  #reason = '';
  #failedProbes = 0;
  #probeAt = Infinity;
  #clearedAt = -Infinity;
  readonly #spans: { from: number; to: number }[] = [];

  constructor(private readonly random: () => number) {}

  get state(): EndpointStatus['state'] {
    return this.#state === 'down' && this.#probing ? 'probing' : this.#state;
  }

  get down(): boolean {
    return this.#state === 'down';
  }

  get since(): number {
    return this.#since;
  }

  get reason(): string {
    return this.#reason;
  }

  /** When the next probe is to be asked; Infinity = none is wanted, or one is out. */
  get probeAt(): number {
    return this.#probing ? Infinity : this.#probeAt;
  }

  fault({ unreachable, reason }: Fault, now: number): void {
    if (this.#state === 'down') return;
    if (this.#state === 'up') {
      this.#state = 'suspect';
      this.#since = now;
      this.#failedProbes = 0;
      this.#probeAt = Math.max(now + DOUBT_MS, this.#clearedAt + CLEARED_MS);
    }
    this.#reason = reason;
    if (unreachable && this.#failedProbes === 0) {
      // Further faults do not put it off.
      this.#probeAt = Math.min(this.#probeAt, Math.max(now, this.#clearedAt + CLEARED_UNREACHABLE_MS));
    }
  }

  /** A request that was sent at `sentAt` has been answered, whatever the answer. */
  answered(sentAt: number, now: number): void {
    if (this.#state !== 'up' && sentAt >= this.#since) this.#clear(now);
  }

  probeSent(): void {
    this.#probing = true;
  }

  probeAnswered(now: number): void {
    this.#probing = false;
    this.#clearedAt = now;
    this.#clear(now);
  }

  probeFailed({ reason, toldMs = 0 }: Pick<Fault, 'reason' | 'toldMs'>, now: number): void {
    this.#probing = false;
    if (this.#state === 'up') return;
    this.#reason = reason;
    this.#failedProbes += 1;
    if (this.#state === 'suspect' && this.#failedProbes < PROBES_TO_BE_SURE) {
      this.#probeAt = now + SECOND_PROBE_MS;
      return;
    }
    this.#state = 'down';
    const doublings = this.#failedProbes - PROBES_TO_BE_SURE;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(doublings, 10));
    const jittered = pause * (0.5 + 0.5 * this.random());
    this.#probeAt = now + Math.max(jittered, Math.min(toldMs, LONGEST_PAUSE_MS));
  }

  /** The probe was ended from outside and tells nothing. */
  probeAborted(): void {
    this.#probing = false;
    this.#probeAt = Infinity;
  }

  /** Whether a request that failed at this time failed in an outage, and is not to blame. */
  inOutage(at: number): boolean {
    if (this.#state === 'down' && at >= this.#since) return true;
    return this.#spans.some(({ from, to }) => at >= from && at <= to);
  }

  #clear(now: number): void {
    if (this.#state === 'down') {
      this.#spans.push({ from: this.#since, to: now });
      if (this.#spans.length > KEPT_SPANS) this.#spans.shift();
    }
    this.#state = 'up';
    this.#probeAt = Infinity;
    this.#failedProbes = 0;
  }
}
