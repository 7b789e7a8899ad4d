/** Scored rollouts of so long ago count. Unit: seconds. */
const WINDOW = 60;
/** With few in it the window is widened up to this, for a rate that does not jump. Unit: seconds. */
const WIDE_WINDOW = 300;
const FEW = 20;

/** Scored rollouts per second in the recent past of this process. Memory: one count per second of the window. */
export class RateWindow {
  private readonly counts = new Map<number, number>();

  constructor(private startedAt: number) {}

  /** Times in epoch milliseconds. */
  scored(now: number): void {
    const second = Math.floor(now / 1000);
    this.counts.set(second, (this.counts.get(second) ?? 0) + 1);
    for (const old of this.counts.keys()) {
      if (old >= second - WIDE_WINDOW) break;
      this.counts.delete(old);
    }
  }

  /** For so long nothing could be scored: from now on it counts as if it had not been. */
  resumed(waitedMs: number): void {
    this.startedAt += waitedMs;
    const moved = [...this.counts].map(
      ([second, count]) => [second + Math.round(waitedMs / 1000), count] as const,
    );
    this.counts.clear();
    for (const [second, count] of moved) this.counts.set(second, count);
  }

  /** 0 when nothing was scored lately. */
  perSecond(now: number): number {
    const near = this.since(now - WINDOW * 1000);
    if (near >= FEW) return this.rate(near, WINDOW, now);
    return this.rate(this.since(now - WIDE_WINDOW * 1000), WIDE_WINDOW, now);
  }

  private since(from: number): number {
    let sum = 0;
    for (const [second, count] of this.counts) if ((second + 1) * 1000 > from) sum += count;
    return sum;
  }

  private rate(count: number, window: number, now: number): number {
    const seconds = Math.min(window, (now - this.startedAt) / 1000);
    return seconds <= 0 ? 0 : count / seconds;
  }
}
