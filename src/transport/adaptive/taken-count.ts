/** A little more than a minute: the window that most providers count in. */
const SLOTS = 66;
const SLOT_MS = 1_000;
const LATEST = 2;

/** How many requests were taken in the last minute, by the time at which they were sent. */
export class TakenCount {
  readonly #slots = new Array<number>(SLOTS).fill(0);
  #head = 0;
  #sum = 0;
  #first: number | null = null;

  add(at: number, count: number): void {
    this.#advance(at);
    this.#first ??= at;
    const age = this.#head - Math.floor(at / SLOT_MS);
    if (age >= SLOTS) return;
    this.#slots[(this.#head - age) % SLOTS]! += count;
    this.#sum += count;
  }

  /** Requests in the last minute. */
  count(now: number): number {
    this.#advance(now);
    return this.#sum;
  }

  /** Requests per second, over the last minute or since the first request. */
  rate(now: number): number {
    this.#advance(now);
    if (this.#first === null) return 0;
    const span = Math.min(now - this.#first, SLOTS * SLOT_MS);
    return span <= 0 ? 0 : (this.#sum / span) * 1000;
  }

  /** Requests per second, over the last two to three seconds. */
  latest(now: number): number {
    this.#advance(now);
    let sum = 0;
    for (let age = 0; age <= LATEST; age += 1) sum += this.#slots[(this.#head - age + SLOTS) % SLOTS]!;
    return (sum / (LATEST * SLOT_MS + (now % SLOT_MS))) * 1000;
  }

  #advance(to: number): void {
    const slot = Math.floor(to / SLOT_MS);
    if (this.#head === 0) this.#head = slot;
    for (let steps = 0; this.#head < slot && steps < SLOTS; steps += 1) {
      this.#head += 1;
      this.#sum -= this.#slots[this.#head % SLOTS]!;
      this.#slots[this.#head % SLOTS] = 0;
    }
    this.#head = Math.max(this.#head, slot);
  }
}
