import type { Call, Clock, EndpointStatus, Outage } from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import { EndpointHealth } from './endpoint-health.js';
import type { Fault } from './faults.js';
import { faultOf, isAnswer } from './faults.js';

/** An answer to a probe is not waited for longer than this. Unit: milliseconds. */
const PROBE_LIMIT_MS = 60_000;

export interface EndpointOptions {
  /** Origin and base path. */
  url: string;
  clock: Clock;
  random: () => number;
  /** Asks the endpoint one tiny thing; throws a CallFailure. */
  probe: (signal: AbortSignal) => Promise<void>;
  /** Told whenever {@link EndpointHealth.state} has changed. */
  onChange(): void;
  /** Told when one of the requests that wait is to be tried. */
  onTrial(): void;
  load?: () => EndpointStatus['load'];
}

/** The endpoint went down while the request waited for its place: nothing was sent, and nothing is to be counted. */
export class NotSent extends Error {}

/** One endpoint and what is known of it: {@link EndpointHealth} with a clock, and probes that are really sent. */
export class Endpoint {
  readonly url: string;
  readonly #health: EndpointHealth;
  #cancelTimer: (() => void) | undefined;
  #probe: AbortController | undefined;
  #told: EndpointStatus['state'] = 'up';
  #undecided = new Set<() => void>();
  #closed = false;
  /** The last probe reached it, and no request was tried since. */
  #reachable = false;
  /** The call whose request is tried while the endpoint is down. */
  #trial: Call | undefined;
  /** How often it went down. */
  outages = 0;

  constructor(private readonly options: EndpointOptions) {
    this.url = options.url;
    this.#health = new EndpointHealth(options.random);
  }

  get down(): boolean {
    return this.#health.down;
  }

  get suspect(): boolean {
    return this.#health.state === 'suspect';
  }

  /** Null while it serves, or may. */
  get outage(): Outage | null {
    if (!this.down) return null;
    const { since, reason, probeAt } = this.#health;
    return { since, reason, url: this.url, nextTryAt: probeAt === Infinity ? null : probeAt };
  }

  status(): EndpointStatus {
    return {
      url: this.url,
      state: this.#health.state,
      outage: this.outage,
      load: this.options.load?.() ?? null,
    };
  }

  /**
   * The last probe came through and was answered as a fault: the probe itself may be to blame (a server that knows only
   * prompts of its own). One of the requests that wait is then to be tried; one at a time.
   */
  get wantsTrial(): boolean {
    return this.down && this.#reachable && this.#trial === undefined;
  }

  /** Lets the next request of this call through although the endpoint is down. */
  admit(call: Call): void {
    this.#trial = call;
  }

  /** The call has made its try, or gives it up. */
  withdraw(call: Call): void {
    if (this.#trial !== call) return;
    this.#trial = undefined;
    // The next one after the next probe.
    this.#reachable = false;
  }

  /** Sends one request and learns from what becomes of it. Throws {@link NotSent} while the endpoint is down. */
  async ask<Result>(call: Call, send: () => Promise<Result>): Promise<Result> {
    if (this.down && this.#trial !== call) throw new NotSent('the endpoint is down');
    const { clock } = this.options;
    const sentAt = clock.now();
    try {
      const result = await send();
      this.#health.answered(sentAt, clock.now());
      return result;
    } catch (error) {
      // Who only looks whether it answers draws its own conclusions.
      if (error instanceof CallFailure && call.quiet !== true) {
        const fault = faultOf(error);
        if (fault !== null) this.#health.fault(fault, clock.now());
        else if (isAnswer(error)) this.#health.answered(sentAt, clock.now());
      }
      throw error;
    } finally {
      this.withdraw(call);
      this.#changed();
    }
  }

  inOutage(at: number): boolean {
    return this.#health.inOutage(at);
  }

  /** Resolves once it is known whether the endpoint or a request is at fault; rejects with the signal's reason. */
  async decided(signal: AbortSignal): Promise<void> {
    while (this.suspect && !this.#closed) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          this.#undecided.delete(go);
          resolve();
        };
        this.#undecided.add(go);
        signal.addEventListener('abort', go, { once: true });
      });
    }
    signal.throwIfAborted();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#probe?.abort(new Error('closed'));
    for (const go of [...this.#undecided]) go();
  }

  #changed(): void {
    this.#schedule();
    const { state } = this.#health;
    if (this.wantsTrial) this.options.onTrial();
    if (state === this.#told) return;
    if (state === 'down' && this.#told !== 'probing') this.outages += 1;
    this.#told = state;
    if (state !== 'suspect') for (const go of [...this.#undecided]) go();
    this.options.onChange();
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { probeAt } = this.#health;
    if (probeAt === Infinity || this.#closed) return;
    const { clock } = this.options;
    this.#cancelTimer = clock.after(Math.max(0, probeAt - clock.now()), () => void this.#askProbe());
  }

  async #askProbe(): Promise<void> {
    const { clock, probe } = this.options;
    const controller = new AbortController();
    this.#probe = controller;
    this.#health.probeSent();
    this.#changed();
    const cancelLimit = clock.after(PROBE_LIMIT_MS, () => controller.abort(new Error('no answer')));
    try {
      await probe(controller.signal);
      this.#health.probeAnswered(clock.now());
    } catch (error) {
      if (this.#closed) this.#health.probeAborted();
      else if (error instanceof CallFailure && faultOf(error) === null && isAnswer(error)) {
        this.#health.probeAnswered(clock.now());
      } else {
        const fault = faultIn(error);
        this.#reachable = !fault.unreachable;
        this.#health.probeFailed(fault, clock.now());
      }
    } finally {
      cancelLimit();
      this.#probe = undefined;
      this.#changed();
    }
  }
}

/** What a failed probe says. Whatever is no answer counts: a page of HTML, a broken certificate, silence. */
function faultIn(error: unknown): Fault {
  if (!(error instanceof CallFailure)) {
    return { unreachable: false, reason: error instanceof Error ? error.message : 'no answer' };
  }
  return faultOf(error) ?? { unreachable: false, reason: error.kind.replaceAll('_', ' ') };
}
