import { Chance, TRIAL_PART } from './chance.js';
import { Crowding } from './crowding.js';
import { Gate } from './gate.js';
import { Level } from './level.js';
import { Pace } from './pace.js';
import { Quota } from './quota.js';
import type { Start } from './recent-starts.js';
import { RecentStarts } from './recent-starts.js';
import type { Controller, ControllerOptions, Finish, Ticket } from './types.js';

/** No endpoint is left alone for longer than this, whatever it asked for. */
const MAX_CLOSED_MS = 300_000;
/** So many refusals in a row over so long a time, without a told wait: nothing is taken at all, and it is waited for. */
const DEAD_RUN = 8;
const DEAD_MS = 500;
const MAX_DEAD_MS = 30_000;
/** A raise is told when it is by this factor. */
const WORTH_LOGGING = 1.1;
const LOAD = 'fewer are refused at a lower level';
const CHANCE = 'as many are refused at a lower level';
/** Waits from here on are long: when they turn out needless again and again, the learnt pace is wrong. */
const LONG_MS = 5_000;
const MAX_DOUBTS = 3;
/** Waits below this are short; so many within so many requests are many. */
const SHORT_MS = 250;
const SHORTS = 8;
const SHORT_SPAN = 500;

/**
 * Doubles quickly until the first sign of a limit. From then on each refusal takes one place off, and more is tried
 * after good answers. A refusal counts only in so far as refusals depend on the load: {@link Chance} finds those that do
 * not, {@link Gate} the told waits that speak of one request only, {@link Pace} learns requests per second from waits
 * that are needed, and {@link Crowding} looks for the level above which answers only become slower.
 */
export function createController(options: ControllerOptions): Controller {
  return new AdaptiveController(options);
}

class AdaptiveController implements Controller {
  inFlight = 0;
  readonly #recent = new RecentStarts();
  readonly #level: Level;
  readonly #crowding: Crowding;
  readonly #gate: Gate;
  readonly #pace = new Pace();
  readonly #quota = new Quota();
  readonly #chance = new Chance();
  /** The next wait when nothing is taken, and the first request after the last one. */
  #dead = { waitMs: DEAD_MS, since: 0 };
  /** The wait that is kept now is a long one; long waits that were needless in a row. */
  #long = false;
  #doubts = 0;
  /** Short waits, and the first request since they are counted. */
  #shorts = { since: 0, count: 0 };

  /** The limit as it was told last. */
  #told: number;

  constructor(readonly options: ControllerOptions) {
    this.#level = new Level(options.max, options.initial, this.#recent);
    this.#crowding = new Crowding(options.max);
    this.#gate = new Gate(this.#recent, options.listens === true);
    this.#told = this.limit;
  }

  get limit(): number {
    return Math.max(1, Math.floor(this.#level.exact * this.#chance.part));
  }

  get unsure(): boolean {
    return this.#gate.unsure;
  }

  sure(): void {
    this.#gate.sure();
  }

  nextStart(now: number): number {
    this.#look(now);
    if (this.#gate.closed) return this.#gate.nextStart(now, this.inFlight);
    const resetAt = this.#quota.spent(now);
    if (resetAt !== undefined) {
      this.#gate.close(now, Math.min(resetAt, now + MAX_CLOSED_MS), this.inFlight);
      return this.#gate.nextStart(now, this.inFlight);
    }
    if (this.inFlight >= this.limit) return this.#level.full(now);
    return this.#pace.nextStart(now);
  }

  closedUntil(now: number): number {
    this.#look(now);
    return this.#gate.closed ? this.#gate.until : 0;
  }

  start(now: number): Ticket {
    this.inFlight += 1;
    const start = this.#recent.add(now, this.inFlight, this.#level.exact);
    this.#gate.started(start);
    this.#quota.start();
    this.#pace.start(now, this.#recent.age, this.inFlight < this.limit);
    this.#level.started(start, this.limit);
    this.#chance.started(start);
    const verdict = this.#chance.checked(start.serial);
    if (verdict === 'load') this.#change(now, LOAD, () => this.#level.set(this.#level.exact * TRIAL_PART));
    if (verdict === 'chance') this.#change(now, CHANCE, () => this.#level.reopen(this.#level.exact));
    return start;
  }

  finish(ticket: Ticket, finish: Finish): void {
    const start = ticket as Start;
    const { now, result, quota } = finish;
    this.inFlight -= 1;
    if (quota !== undefined)
      this.#quota.told(quota.left, now + quota.resetMs, this.#recent.next - 1 - start.serial);
    if (result === 'gone') {
      start.fate = 'gone';
      return;
    }
    if (result === 'ok' || result === 'failed') {
      start.fate = 'taken';
      if (result === 'ok' && !this.#gate.closed) this.#answered(start, now);
      return;
    }
    this.#recent.refused(start, now);
    this.#pace.refused(start.startedAt);
    this.#refused(start, finish);
  }

  /** Notes what has become known of a told wait. */
  #look(now: number): void {
    const news = this.#gate.look(now);
    if (news === undefined) return;
    if (news === 'needless') {
      if (this.#long) this.#doubts += 1;
      if (!this.#pace.proven || this.#doubts >= MAX_DOUBTS) this.#pace.forget();
    } else if (this.#gate.needed) {
      this.#doubts = 0;
      this.#chance.forget();
      if (!this.#pace.proven) this.#pace.learn(now, this.#recent.next);
      this.#change(now, 'a told wait was needed', () =>
        this.#level.reopen(Math.min(this.#level.exact, Math.max(4, this.inFlight))),
      );
    } else if (this.#pace.rate === null && this.#level.dense(now)) {
      this.#shorts.count = 0;
      this.#change(now, 'many were refused', () => this.#level.drained(this.inFlight + 1));
    }
  }

  #answered(start: Start, now: number): void {
    if (start.serial >= this.#dead.since) this.#dead.waitMs = DEAD_MS;
    this.#change(now, 'all is answered', () => this.#level.answered(start, now, this.#crowding.bound));
    // Too few at a time, or too seldom, show nothing of what the provider can do.
    if (this.#level.fullAt < start.startedAt || this.#pace.rate !== null) return;
    const to = this.#crowding.answered(start, now, this.limit, this.#recent.next);
    if (to !== undefined)
      this.#change(now, 'looking for the level above which answers only become slower', () =>
        this.#level.set(to),
      );
  }

  #refused(start: Start, finish: Finish): void {
    const { now } = finish;
    const spoken =
      finish.retryAfterMs === undefined ? this.#silent(start, finish) : this.#toldWait(start, finish);
    if (this.#pace.rate !== null) this.#chance.forget();
    const top = this.#chance.refused(start, this.#recent.age);
    if (top !== undefined) {
      const share = (this.#chance.base * 100).toFixed(1);
      this.#change(now, `${share} % are refused whatever the number at a time`, () =>
        this.#level.reopen(Math.max(this.#level.exact, top)),
      );
    } else if (!this.#chance.explains() && !spoken) {
      this.#change(now, `refused with ${Math.min(start.inFlight, this.limit + 1)} out`, () =>
        this.#level.refused(start, now, { inFlight: this.inFlight, least: this.#chance.floor }),
      );
    }
  }

  /** A refusal that asks for a wait. True when it speaks of requests per time, not of requests at a time. */
  #toldWait(start: Start, { now, retryAfterMs = 0 }: Finish): boolean {
    const until = now + Math.min(retryAfterMs, MAX_CLOSED_MS);
    const { proven } = this.#pace;
    const probe = this.#gate.isProbe(start);
    if (this.#pace.binding) this.#pace.exceeded(now, start.serial, this.#recent.next);
    if (this.#gate.refused(start, now, until, this.inFlight, proven)) {
      this.#long = retryAfterMs >= LONG_MS;
      if (retryAfterMs < SHORT_MS) this.#short(now);
      this.#pace.pause(until);
      return proven;
    }
    return this.#gate.closed && (proven || probe);
  }

  /** Waits that are too short to be tried: many of them, soon after each other, tell the rate too. */
  #short(now: number): void {
    const { next } = this.#recent;
    if (next - this.#shorts.since > SHORT_SPAN) this.#shorts = { since: next, count: 0 };
    this.#shorts.count += 1;
    if (this.#shorts.count < SHORTS || this.#pace.rate !== null) return;
    this.#shorts.count = 0;
    this.#change(now, 'many short waits', () => this.#pace.learn(now, next, true));
  }

  /** A refusal without a wait: when nothing at all is taken, we wait by ourselves. True when that is so. */
  #silent(start: Start, { now, result }: Finish): boolean {
    const refused = result === 'refused';
    if (refused && this.#pace.binding) this.#pace.exceeded(now, start.serial, this.#recent.next);
    if (this.#gate.closed) return true;
    const { count, since } = this.#recent.refusedInRow(now);
    if (count < DEAD_RUN || now - since < Math.max(DEAD_MS, 2 * this.#recent.age))
      return refused && this.#pace.proven;
    const { waitMs } = this.#dead;
    this.#gate.close(now, now + waitMs, this.inFlight);
    this.#dead = { waitMs: Math.min(MAX_DEAD_MS, waitMs * 2), since: this.#recent.next };
    return true;
  }

  #change(at: number, reason: string, act: () => void): void {
    const from = this.limit;
    const { rate } = this.#pace;
    act();
    const to = this.limit;
    if (to === from && this.#pace.rate === rate) return;
    // On the way up a refusal is no sign of a limit yet.
    if (to < from && this.#level.opening && reason.startsWith('refused')) return;
    // The way up is made of many small steps.
    if (to > from && to < this.#told * WORTH_LOGGING && this.#pace.rate === rate) return;
    this.options.onChange?.({ at, from: this.#told, to, rate: this.#pace.rate, reason });
    this.#told = to;
  }
}
