import type { Clock } from '../protocol/index.js';

/** A time limit whose clock can be stopped for a while. */
export class TimeLimit {
  #endsAt: number;
  #pauses = 0;
  #pausedAt = 0;
  #cancel: (() => void) | undefined;

  /** `ms` from now; then `onUp` is called, once. */
  constructor(
    private readonly clock: Clock,
    ms: number,
    private readonly onUp: () => void,
  ) {
    this.#endsAt = clock.now() + ms;
    this.#arm();
  }

  /** Epoch milliseconds, as it stands now; while paused it moves on. */
  get endsAt(): number {
    return this.#pauses === 0 ? this.#endsAt : this.#endsAt + this.clock.now() - this.#pausedAt;
  }

  /** Stops the clock until the returned function is called. Pauses that overlap count once. */
  pause(): () => void {
    if (this.#pauses === 0) {
      this.#pausedAt = this.clock.now();
      this.#cancel?.();
    }
    this.#pauses += 1;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const { endsAt } = this;
      this.#pauses -= 1;
      if (this.#pauses > 0) return;
      this.#endsAt = endsAt;
      this.#arm();
    };
  }

  /** Forgets the limit. */
  stop(): void {
    this.#pauses = Infinity;
    this.#cancel?.();
  }

  #arm(): void {
    this.#cancel = this.clock.after(Math.max(0, this.#endsAt - this.clock.now()), this.onUp);
  }
}
