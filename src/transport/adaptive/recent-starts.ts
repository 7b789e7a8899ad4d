import type { Ticket } from './types.js';

/** A request that was let go, and what is known of it. */
export interface Start extends Ticket {
  /** Requests that might have been out. */
  readonly level: number;
  /** `taken`: answered, or failed in a way that has nothing to do with limits. */
  fate: 'out' | 'taken' | 'refused' | 'gone';
}

const KEPT = 64;
/** Of so many requests the fate is remembered. */
const MEMORY = 4_096;
/** A request that has been out for so many times as long as a refusal takes has been taken. */
const AGE = 3;
/** The same, likely. */
const SOON = 1.5;
/** Refusals are not expected sooner than this, in milliseconds. */
const MIN_AGE_MS = 30;

/**
 * The latest requests in the order in which they were let go. Refusals come back much sooner than answers: what
 * has not come back after three times as long as a refusal takes was taken.
 */
export class RecentStarts {
  #starts: Start[] = [];
  #serial = 0;
  /** How long a refusal takes, in milliseconds. */
  #refusalMs = 0;

  /** Number of the next request. */
  get next(): number {
    return this.#serial;
  }

  add(startedAt: number, inFlight: number, level: number): Start {
    const start: Start = { startedAt, serial: this.#serial++, inFlight, level, fate: 'out' };
    this.#starts.push(start);
    if (this.#starts.length >= 2 * MEMORY) this.#starts = this.#starts.slice(-MEMORY);
    return start;
  }

  refused(start: Start, now: number): void {
    start.fate = 'refused';
    const took = now - start.startedAt;
    this.#refusalMs = this.#refusalMs === 0 ? took : 0.8 * this.#refusalMs + 0.2 * took;
  }

  /** From this age on, in milliseconds, a request that has not come back was taken. */
  get age(): number {
    return Math.max(MIN_AGE_MS, AGE * this.#refusalMs);
  }

  taken(start: Start, now: number): boolean {
    return start.fate === 'taken' || (start.fate === 'out' && now - start.startedAt >= this.age);
  }

  /** The latest requests that were refused one after the other, with none taken in between. */
  refusedInRow(now: number): { count: number; since: number } {
    let count = 0;
    let since = now;
    for (let i = this.#starts.length - 1; i >= 0; i -= 1) {
      const start = this.#starts[i]!;
      // Not sure yet, but likely: else a few refusals among many that are out would look like a row of them.
      const taken =
        start.fate === 'taken' || (start.fate === 'out' && now - start.startedAt > SOON * this.#refusalMs);
      if (taken) break;
      if (start.fate !== 'refused') continue;
      count += 1;
      since = start.startedAt;
    }
    return { count, since };
  }

  /** Share of refusals among the latest requests whose fate is known, from number `from` on. */
  share(now: number, from: number): { refused: number; known: number } {
    let refused = 0;
    let known = 0;
    // Refusals come back sooner than it is known what was taken: counted from one age on, so that neither weighs more.
    for (let i = this.#olderThan(now - this.age); i >= 0 && known < KEPT; i -= 1) {
      const start = this.#starts[i]!;
      if (start.serial < from) break;
      if (start.fate === 'gone') continue;
      known += 1;
      if (start.fate === 'refused') refused += 1;
    }
    return { refused, known };
  }

  /** Those from number `from` to below `to`: how many, and how many of them were refused so far. */
  fates(from: number, to: number): { refused: number; all: number } {
    let refused = 0;
    let all = 0;
    for (let i = this.#starts.length - 1; i >= 0; i -= 1) {
      const start = this.#starts[i]!;
      if (start.serial < from) break;
      if (start.serial >= to || start.fate === 'gone') continue;
      all += 1;
      if (start.fate === 'refused') refused += 1;
    }
    return { refused, all };
  }

  /** Index of the latest that was sent at `time` or before; -1 = none. */
  #olderThan(time: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]!.startedAt <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
