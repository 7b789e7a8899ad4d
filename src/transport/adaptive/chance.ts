import type { Start } from './recent-starts.js';

/** What became of the requests that were sent while the level was in one band. */
interface Band {
  sent: number;
  refused: number;
  /** How long requests were sent in it, in milliseconds. */
  ms: number;
}

/** The bands that are compared, as parts of the level from which it fell. */
const HIGH = 0.85;
const LOW = 0.72;
/** Until it is decided, the level is not taken below this part of it. */
const FLOOR = 0.6;
/** Refusals in each band, at least; in the low one, those that were to be expected count as well. */
const ENOUGH_HIGH = 3;
const ENOUGH_LOW = 10;
/** The low band is watched for so long at least, in milliseconds and in times that refusals take. */
const MIN_LOW_MS = 500;
const LAGS = 5;
/** The share of refusals has not fallen with the level when it is still above this part. */
const STAYED = 0.55;
/** A lower level costs answers when no more than this part of them comes. */
const COSTS = 0.9;
/** A pause between two requests that is longer has other reasons; in milliseconds. */
const PAUSE_MS = 1_000;
/** A share from here on is no accident. */
const MOST = 0.25;
/** The high band forgets by halves. */
const MEMORY = 4_000;
/** Half as much again as the known share is taken for chance too. */
const MARGIN = 1.5;
/** After so many expected refusals it is tried again at a lower level, for a while; twice as many each time. */
const FIRST_TRIAL = 60;
export const TRIAL_PART = 0.75;
const TRIAL_REFUSALS = 40;
/** A share below this is none. */
const LEAST = 0.002;

/**
 * Tells refusals that come by chance (a gateway in front of several engines, one of which is unwell) from those that
 * come of the load: when the share of refusals stays as the level falls, it has nothing to do with the level. Where a
 * lower level costs no answers, it does not matter.
 */
export class Chance {
  /** Share of requests that is refused whatever the load is. */
  base = 0;
  /** The level from which it fell. */
  #top = 0;
  /** The first request since it is watched. */
  #from = 0;
  #high: Band = { sent: 0, refused: 0, ms: 0 };
  #low: Band = { sent: 0, refused: 0, ms: 0 };
  #last: { band: Band | undefined; at: number } = { band: undefined, at: 0 };
  /** Refusals that are still taken for chance. */
  #allowance = 0;
  /** The stretch in which the known share is measured again: refusals so far, and its first request. */
  #seen = 0;
  #since = 0;
  #expected = FIRST_TRIAL;
  #trial = false;

  /** Part of its level that may be used: less during a trial. */
  get part(): number {
    return this.#trial ? TRIAL_PART : 1;
  }

  /** Below this the level need not be taken before it is decided. */
  get floor(): number {
    return this.#top * FLOOR;
  }

  started({ level, serial, startedAt }: Start): void {
    if (this.base > 0) this.#allowance = Math.min(this.#allowance + this.base * MARGIN, 3 + 60 * this.base);
    if (level * HIGH > this.#top) this.#restart(level, serial);
    const band = this.#bandOf(level);
    const last = this.#last;
    this.#last = { band, at: startedAt };
    if (band === undefined) return;
    band.sent += 1;
    if (last.band === band) band.ms += Math.min(PAUSE_MS, startedAt - last.at);
    if (band !== this.#high || band.sent <= MEMORY) return;
    band.sent /= 2;
    band.refused /= 2;
    band.ms /= 2;
  }

  /** True when the refusal is one of those that come by chance. */
  explains(): boolean {
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }

  /** The level has changed for other reasons: what was seen before it says nothing. */
  forget(): void {
    this.#top = 0;
  }

  /**
   * Notes a refusal; the level from which it fell when it shows that refusals come by chance. `lagMs`: until then a
   * refusal is known.
   */
  refused({ level, serial }: Start, lagMs: number): number | undefined {
    this.#seen += 1;
    if (serial < this.#from) return undefined;
    const band = this.#bandOf(level);
    if (band === undefined) return undefined;
    band.refused += 1;
    const high = share(this.#high);
    const low = share(this.#low);
    if (this.#high.refused < ENOUGH_HIGH) {
      // Nothing to compare with: the level goes on falling from here.
      if (this.#low.refused >= 2 * ENOUGH_LOW) this.#restart(level, serial);
      return undefined;
    }
    if (this.#low.refused < ENOUGH_LOW && this.#low.sent * high < ENOUGH_LOW) return undefined;
    // What was sent just now counts as sent, but cannot be known to be refused yet.
    const early = this.#low.ms < Math.max(MIN_LOW_MS, LAGS * lagMs);
    if (early && low <= MOST) return undefined;
    const top = this.#top;
    const pooled = (this.#high.refused + this.#low.refused) / (this.#high.sent + this.#low.sent);
    const free = throughput(this.#low) > throughput(this.#high) * COSTS;
    this.#restart(level, serial);
    if (low < high * STAYED || low > MOST || free) return undefined;
    this.base = Math.min(MOST, Math.max(low, pooled));
    this.#allowance = 0;
    this.#expected = FIRST_TRIAL;
    this.#measure(serial, false);
    return top;
  }

  /** To be asked with each request: ends a stretch. After a trial, what the refusals depend on. */
  checked(serial: number): 'load' | 'chance' | undefined {
    if (this.base === 0) return undefined;
    const sent = serial - this.#since;
    const wanted = this.#trial ? TRIAL_REFUSALS : this.#expected;
    if (sent < wanted / this.base) return undefined;
    const seen = this.#seen / sent;
    if (!this.#trial) {
      this.base = seen < this.base / 2 ? seen : Math.min(MOST, 0.5 * this.base + 0.5 * seen);
      this.#measure(serial, true);
      return undefined;
    }
    const stayed = seen >= this.base * STAYED;
    if (stayed) this.#expected *= 2;
    else {
      this.base = seen;
      this.#expected = FIRST_TRIAL;
    }
    this.#measure(serial, false);
    return stayed ? 'chance' : 'load';
  }

  #bandOf(level: number): Band | undefined {
    if (level >= this.#top * HIGH) return this.#high;
    return level <= this.#top * LOW ? this.#low : undefined;
  }

  #restart(top: number, from: number): void {
    this.#top = top;
    this.#from = from;
    this.#high = { sent: 0, refused: 0, ms: 0 };
    this.#low = { sent: 0, refused: 0, ms: 0 };
    this.#last = { band: undefined, at: 0 };
  }

  #measure(since: number, trial: boolean): void {
    this.#seen = 0;
    this.#since = since;
    this.#trial = trial && this.base >= LEAST;
    if (this.base < LEAST) this.base = 0;
    this.forget();
  }
}

function share({ sent, refused }: Band): number {
  return refused / Math.max(1, sent);
}

/** Requests that were taken, per millisecond. */
function throughput({ sent, refused, ms }: Band): number {
  return (sent - refused) / Math.max(1, ms);
}
