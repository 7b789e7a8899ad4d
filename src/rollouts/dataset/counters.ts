/** Counts per integer, from 0: an array for the dense small ones, a map for the rest. */
export class Counters {
  private dense = new Uint32Array(1024);
  private readonly sparse = new Map<number, number>();

  /** Adds `amount` and returns the count before. */
  add(key: number, amount: number): number {
    if (Number.isInteger(key) && key >= 0 && key < 2 * this.dense.length) {
      if (key >= this.dense.length) {
        const grown = new Uint32Array(this.dense.length * 2);
        grown.set(this.dense);
        // Keys that were too far away when they came may be in reach now.
        for (const [known, count] of this.sparse) {
          if (known >= 0 && known < grown.length) {
            grown[known] = count;
            this.sparse.delete(known);
          }
        }
        this.dense = grown;
      }
      const before = this.dense[key]!;
      this.dense[key] = before + amount;
      return before;
    }
    const before = this.sparse.get(key) ?? 0;
    this.sparse.set(key, before + amount);
    return before;
  }
}
