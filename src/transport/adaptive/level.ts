import type { RecentStarts, Start } from './recent-starts.js';

const INITIAL = 16;
/** Until the first sign of a limit the level doubles in this time, or with each round of answers if that is sooner. */
const DOUBLING_MS = 400;
const STEPS = 8;
const STEP_MS = DOUBLING_MS / STEPS;
const STEP = 2 ** (1 / STEPS);
/** Refusals among the latest requests from which on it is a limit: so many, and this share of them. */
const WALL_COUNT = 4;
const WALL = 0.2;
/** With fewer refusals it ends after a while, too, short of the maximum: after so many, and so many rounds of requests. */
const SLOW_COUNT = 30;
const SLOW_ROUNDS = 10;
/** So many refusals in a row: what is out now is all that is taken. */
const DENSE = 4;
/** Good answers after a refusal before more is tried: twice as many each time that the same level is refused. */
const MIN_PATIENCE = 10;
const MAX_PATIENCE = 400;
/** The surroundings of the known ceiling: below them it is gone back to, above them it is forgotten. */
const BELOW = 0.75;
const CLOSE = 0.95;
const ABOVE = 1.25;
/** Steps around and above the known ceiling, as parts of the level. */
const NEAR_STEP = 0.005;
const FAR_STEP = 0.05;

/**
 * How many requests may be out. Doubles quickly until the first sign of a limit; then each refusal takes off one place,
 * and more is tried after a number of good answers: one place at a time around the known ceiling, else in steps that
 * double while nothing is refused.
 */
export class Level {
  #level: number;
  #opening = true;
  #stepAt: number | null = null;
  /** The first request since the level began to double. */
  #openedSerial = 0;
  #refusals = 0;
  /** The last time that all places were taken. */
  fullAt = -Infinity;
  /** Good answers to go before more is tried, and since it may be. */
  #hold = 0;
  #answers = 0;
  #patience = MIN_PATIENCE;
  #ceiling = Infinity;
  #step = 1;
  /** When more was tried last, from which level, and whether that was since the last sign of a limit. */
  #raisedAt = 0;
  #base = 1;
  #raised = false;
  /** Requests from this number on are news. */
  #signSerial = 0;
  /** The most that was out lately. */
  #peak = 0;

  constructor(
    readonly max: number,
    initial: number | undefined,
    readonly recent: RecentStarts,
  ) {
    this.#level = Math.min(max, initial ?? INITIAL);
  }

  get exact(): number {
    return this.#level;
  }

  /** Still doubling: no limit has been met yet. */
  get opening(): boolean {
    return this.#opening;
  }

  /** Somebody wants a place when all are taken: when there may be more, or Infinity. */
  full(now: number): number {
    this.fullAt = now;
    if (!this.#opening || this.#level >= this.max) return Infinity;
    this.#stepAt ??= now + STEP_MS;
    if (this.#stepAt <= now) {
      // No step is made up for: where timers are late, so are answers.
      this.#open(this.#level * STEP);
      this.#stepAt = now + STEP_MS;
    }
    return this.#stepAt;
  }

  started(start: Start, limit: number): void {
    this.#peak = Math.max(start.inFlight, this.#peak * (1 - 1 / 256));
    if (start.inFlight >= limit) this.fullAt = start.startedAt;
    else if (start.startedAt - this.fullAt > STEP_MS) this.#stepAt = null;
  }

  answered(start: Start, now: number, bound: number): void {
    // A level that was never used up meanwhile shows nothing.
    if (this.#level >= bound || this.fullAt < start.startedAt) return;
    if (this.#opening) {
      this.#open(this.#level + 1);
      return;
    }
    const below = this.#level < this.#ceiling * BELOW;
    if (this.#hold > 0 && !below) {
      this.#hold -= 1;
      return;
    }
    this.#answers += 1;
    if (this.#answers >= Math.min(10, this.#level) && now - this.#raisedAt >= this.recent.age)
      this.#raise(now);
  }

  #raise(now: number): void {
    // The way back to a ceiling that has not been reached yet is no trying of more.
    if (!this.#raised || this.#level < this.#ceiling * CLOSE) this.#base = this.#level;
    this.#to(this.#level + this.#step);
    this.#raised = true;
    this.#raisedAt = now;
    this.#answers = 0;
    this.#step = this.#nextStep();
    if (this.#level > this.#ceiling * ABOVE + 1) {
      this.#ceiling = Infinity;
      this.#patience = MIN_PATIENCE;
    }
  }

  #nextStep(): number {
    if (this.#level < this.#ceiling * BELOW) return Math.min(this.#step * 2, Math.max(1, this.#level / 4));
    return Math.max(1, this.#level * (this.#ceiling === Infinity ? FAR_STEP : NEAR_STEP));
  }

  /** A refusal that may speak of a limit. `least`: not below this as long as most requests are taken. */
  refused(start: Start, now: number, { inFlight, least }: { inFlight: number; least: number }): void {
    const used = Math.min(this.#level, Math.max(this.#peak, start.inFlight));
    const dense = this.dense(now);
    this.#to(dense ? Math.min(used - 1, inFlight) : Math.max(Math.min(used, least), used - 1));
    if (this.#opening && !this.#wall(now)) return;
    this.#opening = false;
    if (start.serial < this.#signSerial) {
      // The rest of what was sent before the last sign was seen.
      this.#hold = Math.min(this.#hold + this.#patience / 2, 10 * this.#patience);
      return;
    }
    this.#signSerial = this.recent.next;
    this.#sign();
  }

  /** Hardly anything is taken. */
  dense(now: number): boolean {
    const { count } = this.recent.refusedInRow(now);
    const { refused, known } = this.recent.share(now, 0);
    return count >= 2 * DENSE || (count >= DENSE && refused > known / 2);
  }

  #wall(now: number): boolean {
    this.#refusals += 1;
    const rounds = (this.recent.next - this.#openedSerial) / this.#level;
    if (this.#refusals >= SLOW_COUNT && rounds > SLOW_ROUNDS && this.#level < 0.9 * this.max) return true;
    const { refused, known } = this.recent.share(now, this.#openedSerial);
    return refused >= WALL_COUNT + WALL * known;
  }

  #sign(): void {
    // Refused right after more was tried: the ceiling has held. Far below it: it has come down.
    const near = this.#level > this.#ceiling * BELOW;
    const held = near && this.#raised;
    if (!near) this.#patience = MIN_PATIENCE;
    else if (held) this.#patience = Math.min(MAX_PATIENCE, this.#patience * 2);
    if (held && this.#base < this.#level - 1) this.#to((this.#base + this.#level) / 2);
    if (held || !near) this.#ceiling = this.#level;
    this.#raised = false;
    this.#hold = this.#patience;
    this.#step = 1;
    this.#answers = 0;
  }

  /** Back to quick doubling; no ceiling is known. */
  reopen(at: number): void {
    this.#ceiling = Infinity;
    this.#opening = true;
    this.#stepAt = null;
    this.#openedSerial = this.recent.next;
    this.#refusals = 0;
    this.#to(at);
  }

  /** Many were refused, and so many places are used now: the way back up is quick as far as the known ceiling. */
  drained(to: number): void {
    if (to >= this.#level) return;
    this.#ceiling = Math.min(this.#ceiling, this.#level);
    this.set(to);
  }

  set(to: number): void {
    this.#opening = false;
    this.#step = 1;
    this.#hold = 0;
    this.#to(to);
  }

  #open(to: number): void {
    this.#to(to);
    if (this.#level > this.#ceiling * 0.9) this.#opening = false;
  }

  #to(level: number): void {
    this.#level = Math.max(1, Math.min(this.max, level));
  }
}
