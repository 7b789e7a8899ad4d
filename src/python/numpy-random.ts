const SIZE = 624;
const SHIFT = 397;

/** numpy's `np.random.seed(seed)` and what is drawn from it: MT19937, in the way of its older interface. */
export class NumpyRandom {
  readonly #state = new Uint32Array(SIZE);
  #at = SIZE;

  constructor(seed: number) {
    let value = seed >>> 0;
    for (let at = 0; at < SIZE; at++) {
      this.#state[at] = value;
      value = (Math.imul(1812433253, value ^ (value >>> 30)) + at + 1) >>> 0;
    }
  }

  /** `np.random.choice(below, size=count)`: whole numbers from 0, with repeats. `below` is at most 2^32. */
  choice(below: number, count: number): number[] {
    const last = below - 1;
    const mask = last === 0 ? 0 : 2 ** (32 - Math.clz32(last)) - 1;
    return Array.from({ length: count }, () => {
      if (last === 0) return 0;
      for (;;) {
        const drawn = (this.#next() & mask) >>> 0;
        if (drawn <= last) return drawn;
      }
    });
  }

  #next(): number {
    if (this.#at === SIZE) this.#refill();
    let value = this.#state[this.#at++]!;
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let at = 0; at < SIZE; at++) {
      const bits = (state[at]! & 0x80000000) | (state[(at + 1) % SIZE]! & 0x7fffffff);
      state[at] = state[(at + SHIFT) % SIZE]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}

/** `np.percentile(values, percent)`: between two values in proportion. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (percent / 100) * (sorted.length - 1);
  const at = Math.floor(place);
  const [low, high] = [sorted[at]!, sorted[Math.min(at + 1, sorted.length - 1)]!];
  const part = place - at;
  return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}
