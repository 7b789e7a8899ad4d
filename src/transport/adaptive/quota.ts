/** What the provider says is left until its quota is whole again. */
export class Quota {
  #left = Infinity;
  #resetAt = 0;

  /** `since`: requests that were started after the one whose reply says this. */
  told(left: number, resetAt: number, since: number): void {
    this.#left = Math.max(0, left - since);
    this.#resetAt = resetAt;
  }

  start(): void {
    this.#left -= 1;
  }

  /** 0 = something is left; else when the quota is whole again. */
  nextStart(now: number): number {
    if (this.#left >= 1 || now >= this.#resetAt) return 0;
    return this.#resetAt;
  }
}
