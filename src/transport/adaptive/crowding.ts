import type { Start } from './recent-starts.js';

/** Answers that are measured at least: fewer say little, since answers differ in length. */
const ENOUGH = 30;
/** This much slower than in calm times is worth a trial. */
const SLOW = 2.5;
/** Levels that are tried, as parts of the present one. */
const DOWN = 0.5;
const UP = 1.3;
/** As many answers as before, within what chance does; and clearly more. */
const AS_MANY = 0.95;
const MORE = 1.05;
/** A level that was found is kept for so many measurements before more is tried, and twice as many after each time in vain. */
const KEEP = 4;
const MAX_KEEP = 64;
/** Levels below this are not worth a trial. */
const LEAST = 8;

interface Measured {
  level: number;
  /** Answers per second. */
  throughput: number;
  /** Mean, in milliseconds. */
  latency: number;
}

/**
 * Finds out whether more requests at a time bring more answers or only longer waits: when answers have become slow, the
 * level is halved on trial, and stays there when as many answers come. From there more is tried now and then.
 */
export class Crowding {
  /** Latency of a provider that is not crowded. */
  #calm = Infinity;
  #firsts = 0;
  /** Requests from this number on were sent at the present level. */
  #from = 0;
  #level = 0;
  #settled = 0;
  #count = 0;
  #sum = 0;
  #since = 0;
  #trial: { before: Measured; up: boolean } | null = null;
  /** The level that was found; null = the level is not bounded by this. */
  #held: Measured | null = null;
  #kept = 0;
  #keep = KEEP;

  constructor(readonly max: number) {}

  /** More requests at a time than this would only wait in line. */
  get bound(): number {
    return this.#trial === null ? (this.#held?.level ?? Infinity) : this.#level;
  }

  /** Notes an answer; the level to go to, when one is to be tried or was found. `next`: number of the next request. */
  answered(start: Start, now: number, level: number, next: number): number | undefined {
    this.#first(now - start.startedAt);
    if (Math.abs(level - this.#level) > 0.2 * this.#level) {
      // Something else has changed the level: all starts anew.
      this.#trial = null;
      this.#held = null;
      this.#restart(level, next);
    }
    if (start.serial < this.#from) return undefined;
    if (this.#settled < Math.max(ENOUGH, level / 4)) {
      this.#settled += 1;
      this.#since = now;
      return undefined;
    }
    this.#count += 1;
    this.#sum += now - start.startedAt;
    if (this.#count < Math.max(ENOUGH, level / 2) || now === this.#since) return undefined;
    const latency = this.#sum / this.#count;
    const throughput = (this.#count / (now - this.#since)) * 1000;
    this.#count = 0;
    this.#sum = 0;
    this.#since = now;
    const to = this.#judge({ level, throughput, latency });
    if (to !== undefined) this.#restart(to, next);
    return to;
  }

  /** The first answers are of requests that had the provider to themselves. */
  #first(latency: number): void {
    if (this.#firsts === ENOUGH) return;
    this.#calm = (this.#firsts === 0 ? 0 : this.#calm * this.#firsts) + latency;
    this.#firsts += 1;
    this.#calm /= this.#firsts;
  }

  #judge(now: Measured): number | undefined {
    const trial = this.#trial;
    this.#trial = null;
    if (trial !== null) {
      const { before, up } = trial;
      if (now.throughput < before.throughput * (up ? MORE : AS_MANY)) return this.#back(before, up);
      this.#held = now;
      this.#kept = 0;
      this.#keep = KEEP;
      return up ? this.#try(now, true) : this.#crowded(now) ? this.#try(now, false) : undefined;
    }
    if (this.#held !== null) return this.#hold(now, this.#held);
    this.#calm = Math.min(this.#calm, now.latency);
    return this.#crowded(now) ? this.#try(now, false) : undefined;
  }

  #crowded(now: Measured): boolean {
    return now.latency > this.#calm * SLOW && now.level >= LEAST;
  }

  #try(now: Measured, up: boolean): number | undefined {
    if (up && now.level >= this.max) return undefined;
    this.#trial = { before: now, up };
    return up ? Math.min(this.max, Math.ceil(now.level * UP)) : Math.floor(now.level * DOWN);
  }

  #back(to: Measured, up: boolean): number {
    // Fewer answers at a lower level: they simply take that long.
    if (!up) this.#calm = Math.max(this.#calm, to.latency / SLOW);
    this.#held = to;
    this.#kept = 0;
    if (up) this.#keep = Math.min(MAX_KEEP, this.#keep * 2);
    return to.level;
  }

  #hold(now: Measured, held: Measured): number | undefined {
    if (now.latency < held.latency * 0.7) {
      this.#held = null;
      return undefined;
    }
    if (now.latency > held.latency * 1.5 && this.#crowded(now)) return this.#try(now, false);
    this.#kept += 1;
    return this.#kept >= this.#keep ? this.#try(now, true) : undefined;
  }

  #restart(level: number, next: number): void {
    this.#level = level;
    this.#from = next;
    this.#settled = 0;
    this.#count = 0;
    this.#sum = 0;
  }
}
