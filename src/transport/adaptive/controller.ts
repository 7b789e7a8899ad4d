import { Pace } from './pace.js';
import { Quota } from './quota.js';
import { Slowness } from './slowness.js';
import type { Change, Controller, ControllerOptions, Finish, Ticket } from './types.js';

const INITIAL = 16;
/** A told wait from here on speaks of requests per time; shorter ones of requests at a time. */
const RATE_WAIT_MS = 2_000;
/** Good answers that each refusal costs before the limit is tried above a known ceiling: keeps refusals near 1 %. */
const DEBT_PER_REFUSAL = 100;
const MAX_DEBT = 400;

/**
 * Slow start, then careful probing. A refusal sets a ceiling at the level at which it came; the limit goes just
 * below and is raised over the ceiling only after many good answers, in steps that double while all goes well.
 * Refusals with a told wait teach a pace instead. 503s and collapsing latency halve the limit.
 */
export function createController(options: ControllerOptions): Controller {
  return new AdaptiveController(options);
}

class AdaptiveController implements Controller {
  #limit: number;
  inFlight = 0;
  #slowStart = true;
  /** The lowest level that was seen to be too much. */
  #ceiling = Infinity;
  /** Slow start ends here. */
  #threshold = Infinity;
  #epoch = 0;
  #serial = 0;
  /** Good answers at full use since the last change. */
  #credit = 0;
  #debt = 0;
  #step = 1;
  #refusalsInRow = 0;
  readonly #pace = new Pace();
  readonly #quota = new Quota();
  readonly #slowness = new Slowness();

  constructor(readonly options: ControllerOptions) {
    this.#limit = Math.min(options.max, options.initial ?? INITIAL);
  }

  get limit(): number {
    return this.#limit;
  }

  nextStart(now: number): number {
    if (this.inFlight >= this.#limit) return Infinity;
    return Math.max(this.#pace.nextStart(now), this.#quota.nextStart(now));
  }

  start(now: number): Ticket {
    this.#pace.start(now);
    this.#quota.start();
    this.inFlight += 1;
    return { startedAt: now, inFlight: this.inFlight, epoch: this.#epoch, serial: this.#serial++ };
  }

  finish(ticket: Ticket, finish: Finish): void {
    this.inFlight -= 1;
    const { now, quota } = finish;
    if (quota !== undefined)
      this.#quota.told(quota.left, now + quota.resetMs, this.#serial - 1 - ticket.serial);
    if (finish.result === 'ok') this.#answered(ticket, now);
    else if (finish.result === 'refused') this.#refused(ticket, finish);
    else if (finish.result === 'overloaded') this.#overloaded(ticket, finish);
  }

  #answered(ticket: Ticket, now: number): void {
    this.#pace.accepted(now);
    this.#debt = Math.max(0, this.#debt - 1);
    const verdict = this.#slowness.answered(now, now - ticket.startedAt, this.#limit);
    if (verdict === 'collapse') {
      this.#halve(now, 'answers have become slow and few');
      return;
    }
    if (verdict === 'queueing' && this.#slowStart) {
      this.#slowStart = false;
      this.#ceiling = Math.min(this.#ceiling, this.#limit + 1);
      this.#debt = MAX_DEBT;
    }
    // A limit that is not used shows nothing.
    if (ticket.epoch !== this.#epoch || ticket.inFlight < this.#limit * 0.8) return;
    this.#refusalsInRow = 0;
    if (this.#slowStart) this.#grow(now);
    else this.#probe(now);
  }

  #grow(now: number): void {
    this.#set(now, this.#limit + 1, 'all is answered');
    if (this.#limit >= this.#threshold) this.#slowStart = false;
  }

  /** Below the ceiling: half of the way back. At the ceiling: over it, when enough went well. */
  #probe(now: number): void {
    this.#credit += 1;
    if (this.#credit < this.#limit) return;
    const room = Math.ceil(this.#ceiling) - 1 - this.#limit;
    if (room > 0 && Number.isFinite(room)) {
      this.#set(now, this.#limit + Math.ceil(room / 2), 'back towards the known ceiling');
    } else if (this.#debt === 0) {
      // The ceiling has not held: it is forgotten until the next refusal.
      this.#ceiling = Infinity;
      this.#set(now, this.#limit + this.#step, 'trying more');
      this.#step = Math.min(this.#step * 2, Math.max(1, Math.floor(this.#limit / 2)));
    }
    this.#credit = 0;
  }

  #refused(ticket: Ticket, { now, retryAfterMs }: Finish): void {
    this.#debt = Math.min(MAX_DEBT, this.#debt + DEBT_PER_REFUSAL);
    const rateLike = retryAfterMs !== undefined && (retryAfterMs >= RATE_WAIT_MS || this.#pace.rate !== null);
    if (rateLike) {
      this.#slow(ticket, now, retryAfterMs, 'refused, with a wait');
      return;
    }
    if (ticket.epoch !== this.#epoch) return;
    this.#refusalsInRow += 1;
    if (this.#limit <= 1) {
      // Even one at a time is too much: it must be the rate.
      const waitMs = Math.min(30_000, retryAfterMs ?? 1_000 * 2 ** this.#refusalsInRow);
      this.#slow(ticket, now, waitMs, 'refused even one at a time');
      return;
    }
    const level = Math.min(this.#limit + 1, ticket.inFlight);
    const factor = this.#refusalsInRow > 1 ? 0.7 : 0.95;
    this.#ceiling = level;
    this.#lower(now, Math.min(level - 1, Math.floor(level * factor)), `refused with ${level} out`);
  }

  #slow(ticket: Ticket, now: number, waitMs: number, reason: string): void {
    const until = now + waitMs;
    const news = this.#pace.pause(until);
    if (!news || ticket.epoch !== this.#epoch) return;
    this.#epoch += 1;
    this.#slowStart = false;
    this.#pace.learn(until, this.inFlight);
    this.#tell(now, this.#limit, reason);
  }

  #overloaded(ticket: Ticket, { now, retryAfterMs }: Finish): void {
    if (retryAfterMs !== undefined) this.#pace.pause(now + retryAfterMs);
    if (ticket.epoch === this.#epoch) this.#halve(now, 'overloaded');
  }

  /** Half of it, and back by slow start to near where it was. */
  #halve(now: number, reason: string): void {
    if (!this.#slowStart || this.#threshold === Infinity) this.#threshold = Math.ceil(this.#limit * 0.8);
    this.#slowStart = true;
    this.#lower(now, Math.floor(this.#limit / 2), reason);
  }

  #lower(now: number, to: number, reason: string): void {
    this.#epoch += 1;
    this.#step = 1;
    this.#credit = 0;
    if (!reason.startsWith('over') && !reason.startsWith('answers')) this.#slowStart = false;
    this.#set(now, to, reason);
  }

  #set(now: number, to: number, reason: string): void {
    const from = this.#limit;
    this.#limit = Math.max(1, Math.min(this.options.max, to));
    if (this.#limit !== from) this.#tell(now, from, reason);
  }

  #tell(at: number, from: number, reason: string): void {
    const change: Change = { at, from, to: this.#limit, rate: this.#pace.rate, reason };
    this.options.onChange?.(change);
  }
}
