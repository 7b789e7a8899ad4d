import { TakenCount } from './taken-count.js';

/** Starts that may follow at once after a quiet time, in seconds of the rate. */
const BURST_SECONDS = 1;
/** A learnt rate is used this much below what was seen to be too much. */
const MARGIN = 0.97;
/** A rate that was too much is cut to this part. */
const CUT = 0.985;
/** Good starts before a rate that has proved itself is raised. */
const MAX_PATIENCE = 192;
/** Most patience with a rate that was just found needed. */
const PROVEN = 32;
/** The raise of a rate that has proved itself, and the good starts after which it doubles. */
const RAISE = 0.002;
const RAISE_DOUBLES = 64;
/** The rate is not raised more often than this. */
const RAISE_MS = 250;
/** A rate for which nobody had to wait during so many starts is forgotten. */
const UNUSED = 20;
/** A start that took the last place says less of that. */
const CROWDED = 0.25;
/** So is one of so long ago. */
const IDLE_MS = 60_000;

/**
 * A bound on requests per second, learnt from refusals that tell how long to wait: so many were taken in the last
 * minute. At first it is a mere guess and raised with each good start; each refusal that comes while it was kept makes
 * it more patient.
 */
export class Pace {
  /** Requests per second; null = no bound. */
  rate: number | null = null;
  #patience = 1;
  /** Good starts since the rate was learnt, and those of them for which nobody had to wait. */
  #good = 0;
  #unused = 0;
  #binding = false;
  #taken = new TakenCount();
  #tokens = 0;
  #at = 0;
  #lastStart = 0;
  #raisedAt = 0;
  /** The rate as it was learnt, and whether from the last seconds only. */
  #learnt = 0;
  #latest = false;
  /** Requests before this one were sent under an earlier rate. */
  #since = 0;

  get proven(): boolean {
    return this.rate !== null && this.#patience >= PROVEN;
  }

  /** The earliest time of the next start: 0 = now. */
  nextStart(now: number): number {
    if (this.rate === null) return 0;
    if (now - Math.max(this.#lastStart, this.#at) > IDLE_MS) {
      this.forget();
      return 0;
    }
    this.#refill(now);
    if (this.#tokens >= 1) return 0;
    this.#binding = true;
    this.#unused = 0;
    return Math.max(now, this.#at) + Math.max(1, Math.ceil(((1 - this.#tokens) / this.rate) * 1000));
  }

  /** `lagMs`: a refusal of an earlier request is known by then. `free`: more might have gone but for the pace. */
  start(now: number, lagMs: number, free: boolean): void {
    this.#taken.add(now, 1);
    this.#lastStart = now;
    if (this.rate === null) return;
    this.#refill(now);
    this.#tokens -= 1;
    this.#good += 1;
    this.#unused += free ? 1 : CROWDED;
    if (this.#good <= this.#patience) return;
    if (this.#unused > Math.max(UNUSED, 2 * this.#learnt)) this.forget();
    else if (now - this.#raisedAt >= Math.max(lagMs, RAISE_MS)) {
      this.rate *= 1 + Math.max(raise(this.#good - this.#patience), 0.5 / this.#patience);
      this.#raisedAt = now;
    }
  }

  refused(startedAt: number): void {
    this.#taken.add(startedAt, -1);
    this.#good -= 1;
  }

  /** Somebody has had to wait for it since it was set. */
  get binding(): boolean {
    return this.rate !== null && this.#binding;
  }

  /** Learns the rate at the end of a wait that was needed. `latest`: of the last seconds only. */
  learn(now: number, next: number, latest = false): void {
    this.#latest = latest;
    const seen = latest ? this.#taken.latest(now) : this.#taken.rate(now);
    if (seen <= 0) return;
    this.rate = seen * MARGIN;
    this.#learnt = this.rate;
    // What few requests have shown is soon put to the test.
    this.#patience = Math.max(1, Math.min(PROVEN, this.#taken.count(now)));
    this.#set(next);
    this.pause(now);
  }

  /** Nothing is sent until then, and nothing is made up for afterwards. */
  pause(until: number): void {
    if (this.rate === null) return;
    this.#tokens = 0;
    this.#at = Math.max(this.#at, until);
  }

  /** Refused although the pace was kept. */
  exceeded(now: number, serial: number, next: number): void {
    if (this.rate === null || serial < this.#since) return;
    if (this.#good >= this.#patience) this.#patience = Math.min(MAX_PATIENCE, this.#patience * 2);
    this.rate = Math.min(this.rate * CUT, this.#tooMuch(now));
    this.#set(next);
  }

  /** What is surely not taken: more than in the last minute, or much more than in the last seconds. */
  #tooMuch(now: number): number {
    const seen = this.#taken.rate(now);
    return this.#latest ? Math.min(seen, this.#taken.latest(now) * 1.3) : seen;
  }

  forget(): void {
    this.rate = null;
    this.#patience = 1;
  }

  #set(next: number): void {
    this.#since = next;
    this.#good = 0;
    this.#unused = 0;
    this.#binding = false;
  }

  #refill(now: number): void {
    const rate = this.rate ?? 0;
    const room = Math.max(1, rate * BURST_SECONDS);
    this.#tokens = Math.min(room, this.#tokens + (Math.max(0, now - this.#at) / 1000) * rate);
    this.#at = Math.max(now, this.#at);
  }
}

/** By which part the rate is raised: the longer it goes well, the more. */
function raise(goodSince: number): number {
  return RAISE * 2 ** Math.min(4, Math.floor(goodSince / RAISE_DOUBLES));
}
