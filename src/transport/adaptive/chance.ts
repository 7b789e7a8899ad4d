interface Refusal {
  serial: number;
  level: number;
}

/** Refusals that are compared, at least. */
const ENOUGH = 20;
const KEPT = 1_000;
/** The level of the later half must be below that of the earlier half by this factor. */
const FALLEN = 0.75;
/** The share of refusals has not fallen with the level when it is still above this part. */
const STAYED = 0.6;
/** A share from here on is no accident. */
const MOST = 0.25;
/** Until it is decided, the level is not taken below this part of where it was. */
const FLOOR = 0.6;
/** A little more than the known share is taken for chance too. */
const MARGIN = 1.25;
/** After so many expected refusals it is tried again at a lower level; twice as many each time. */
const FIRST_TRIAL = 40;

/**
 * Tells refusals that come by chance (a gateway in front of several engines, one of which is unwell) from those that
 * come of the load: when the share of refusals stays as the level falls, it has nothing to do with the level.
 */
export class Chance {
  /** Share of requests that is refused whatever the load is. */
  base = 0;
  #refusals: Refusal[] = [];
  #allowance = 0;
  /** The stretch in which the share is measured again: refusals so far, and its first request. */
  #seen = 0;
  #since = 0;
  #expected = FIRST_TRIAL;
  #trial = false;

  started(): void {
    if (this.base > 0) this.#allowance = Math.min(this.#allowance + this.base * MARGIN, 3 + 60 * this.base);
  }

  /** True when the refusal is one of those that come by chance. */
  explains(): boolean {
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }

  /** Part of its level that may be used: less during a trial. */
  get part(): number {
    return this.#trial ? FALLEN : 1;
  }

  /** Below this the level need not be taken before it is decided. */
  floor(): number {
    return this.#refusals.length === 0 ? 0 : this.#refusals[0]!.level * FLOOR;
  }

  /** The level has changed for other reasons: what was seen before it says nothing. */
  forget(): void {
    this.#refusals.length = 0;
  }

  /** Notes a refusal; the level from which it fell when it shows that refusals come by chance. */
  refused(serial: number, level: number): number | undefined {
    this.#seen += 1;
    const all = this.#refusals;
    if (all.length > 0 && level >= all[0]!.level) all.length = 0;
    all.push({ serial, level });
    if (all.length > KEPT) all.shift();
    if (all.length < ENOUGH) return undefined;
    const middle = all.length >> 1;
    const before = mean(all, 0, middle);
    const after = mean(all, middle, all.length);
    if (after > before * FALLEN) return undefined;
    const early = middle / Math.max(1, all[middle]!.serial - all[0]!.serial);
    const late = (all.length - middle) / Math.max(1, serial - all[middle]!.serial);
    const top = all[0]!.level;
    const share = all.length / Math.max(1, serial - all[0]!.serial);
    if (late * STAYED > early) {
      this.#refusals = all.slice(middle);
      return undefined;
    }
    this.#refusals = [];
    if (late < early * STAYED || share > MOST) return undefined;
    this.base = share;
    this.#allowance = 0;
    this.#expected = FIRST_TRIAL;
    this.#next(serial, false);
    return top;
  }

  /** To be asked with each request: ends a stretch. `load`: the refusals turn out to depend on the load after all. */
  checked(serial: number): 'load' | undefined {
    if (this.base === 0) return undefined;
    const starts = serial - this.#since;
    const wanted = this.#trial ? ENOUGH : this.#expected;
    if (starts < wanted / this.base) return undefined;
    const seen = this.#seen / starts;
    if (!this.#trial) {
      if (seen < this.base / 2) this.base = seen;
      else this.base = Math.min(MOST, 0.5 * this.base + 0.5 * seen);
      this.#next(serial, true);
      return undefined;
    }
    const stayed = seen >= this.base * STAYED;
    if (stayed) this.#expected *= 2;
    else {
      this.base = seen / 2;
      this.#expected = FIRST_TRIAL;
    }
    this.#next(serial, false);
    return stayed ? undefined : 'load';
  }

  #next(serial: number, trial: boolean): void {
    this.#seen = 0;
    this.#since = serial;
    this.#trial = trial;
    this.#refusals.length = 0;
    if (this.base < 0.002) {
      this.base = 0;
      this.#trial = false;
    }
  }
}

function mean(all: readonly Refusal[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += all[i]!.level;
  return sum / (to - from);
}
