import type { Growth } from './dataset/growing-tasks.js';
import type { Materializer } from './dataset/materializer.js';
import type { Plan } from './dataset/plan.js';

/** Lines of a dataset that are planned before the first rollout is played, in every run. */
export const LEAD_LINES = 5_000;
const MOST_LINES = 20_000;

export interface PlanningParts {
  /** The first block is planned and flushed. */
  made: Materializer;
  /** The growing file of planned rollouts. */
  file: string;
  /** The agent whose rollout a line that cannot be used becomes. */
  stray: string;
  /** Records how far the plan is; what is not recorded yet is not played. */
  save(made: Materializer): Promise<void>;
  /** Records the whole plan. */
  finish(plan: Plan): Promise<void>;
}

/**
 * The rest of a large dataset, planned while the first rollouts are played. Each block is on disk and on record before
 * a rollout of it can start, so that a run that is killed knows what it had begun with.
 */
export class Planning implements Growth {
  done = false;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private waiters: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  private failure: Error | null = null;
  /** Whole lines of the file whose rollouts are on record. Unit: bytes. */
  private recorded: number;

  constructor(private readonly parts: PlanningParts) {
    this.recorded = parts.made.bytes;
  }

  get file(): string {
    return this.parts.file;
  }

  get bytes(): number {
    return this.recorded;
  }

  /** Lines that were planned so far. */
  get rows(): number {
    return this.parts.made.rows;
  }

  change(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) reject(this.failure);
      else this.waiters.push({ resolve, reject });
    });
  }

  /** Goes on until the dataset ends or {@link stop}. `onMore` is told of the rollouts that each block adds, by agent. */
  start(onMore: (agents: Readonly<Record<string, number>>) => void): void {
    this.running = this.run(onMore).catch((reason: unknown) => {
      this.failure = reason instanceof Error ? reason : new Error(String(reason));
      for (const { reject } of this.waiters.splice(0)) reject(reason);
    });
  }

  /** Ends after the block that is under way, and leaves what is planned as the file that a run goes on with. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    if (!this.done && this.failure === null) await this.parts.made.commit();
    if (this.failure !== null) await this.parts.made.abandon();
  }

  private async run(onMore: (agents: Readonly<Record<string, number>>) => void): Promise<void> {
    const { parts } = this;
    const { made, stray } = parts;
    for (let lines = LEAD_LINES; !this.stopped; lines = Math.min(2 * lines, MOST_LINES)) {
      const before = { ...made.agents };
      const more = await made.block(lines, stray);
      await made.flush();
      if (more) await parts.save(made);
      else await parts.finish(await made.commit());
      this.recorded = made.bytes;
      onMore(
        Object.fromEntries(
          Object.entries(made.agents).map(([agent, planned]) => [agent, planned - (before[agent] ?? 0)]),
        ),
      );
      this.done = !more;
      for (const { resolve } of this.waiters.splice(0)) resolve();
      if (!more) return;
    }
  }
}
