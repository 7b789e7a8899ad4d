/** Starts that may follow at once after a quiet time, in seconds of the rate. */
const BURST_SECONDS = 1;
/** The learnt rate is raised by this share, this often, while nothing is refused. */
const RAISE = 1.04;
const RAISE_EVERY_MS = 30_000;
/** Spans from here on tell the rate; of shorter ones only that it was too much. */
const TELLING_SPAN_MS = 20_000;
/** A learnt rate is used this much below what was seen to be too much. */
const MARGIN = 0.97;

/**
 * A bound on requests per second, learnt from refusals that tell how long to wait: so many were answered since
 * the last wait ended, until the told wait will end.
 */
export class Pace {
  /** Requests per second; null before the first told wait. */
  rate: number | null = null;
  #pausedUntil = 0;
  #spanStart: number | null = null;
  #accepted = 0;
  #tokens = 0;
  #at = 0;
  #raiseAt = 0;

  /** The earliest time of the next start: 0 = now. */
  nextStart(now: number): number {
    if (now < this.#pausedUntil) return this.#pausedUntil;
    if (this.rate === null) return 0;
    this.#refill(now);
    return this.#tokens >= 1 ? 0 : now + Math.ceil(((1 - this.#tokens) / this.rate) * 1000);
  }

  start(now: number): void {
    this.#spanStart ??= now;
    if (this.rate === null) return;
    this.#refill(now);
    this.#tokens -= 1;
  }

  accepted(now: number): void {
    this.#accepted += 1;
    if (this.rate !== null && now >= this.#raiseAt) {
      this.rate *= RAISE;
      this.#raiseAt = now + RAISE_EVERY_MS;
    }
  }

  /** Nothing starts before `until`; true when that is news. */
  pause(until: number): boolean {
    if (until <= this.#pausedUntil) return false;
    this.#pausedUntil = until;
    return true;
  }

  /** Learns the rate from a refusal that ends the span. `outstanding`: requests that will still be answered. */
  learn(until: number, outstanding: number): void {
    const span = until - (this.#spanStart ?? until);
    const seen = span > 0 ? ((this.#accepted + outstanding) / span) * 1000 : 0;
    if (this.rate === null) this.rate = seen > 0 ? seen * MARGIN : null;
    else {
      // A short span says little of a window that is longer; never fall below half at once.
      const told = span >= TELLING_SPAN_MS ? seen : Infinity;
      this.rate = Math.max(this.rate / 2, Math.min(this.rate * MARGIN, told));
    }
    this.#spanStart = until;
    this.#accepted = 0;
    this.#tokens = 0;
    this.#at = until;
    this.#raiseAt = until + RAISE_EVERY_MS;
  }

  #refill(now: number): void {
    const rate = this.rate ?? 0;
    const room = Math.max(1, rate * BURST_SECONDS);
    this.#tokens = Math.min(room, this.#tokens + (Math.max(0, now - this.#at) / 1000) * rate);
    this.#at = Math.max(now, this.#at);
  }
}
