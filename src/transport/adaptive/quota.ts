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

  /** When the quota is whole again, once, when nothing is left; else undefined. */
  spent(now: number): number | undefined {
    if (this.#left >= 1) return undefined;
    this.#left = Infinity;
    return this.#resetAt > now ? this.#resetAt : undefined;
  }
}
