import type { MetricsObject } from './aggregate-types.js';
import type { ScannedRow } from './row-scanner.js';

/** Counts how many rollouts and tasks the quality metrics were made from, where an environment masked some. */
export class Coverage {
  private masked = 0;
  private measured = 0;
  private readonly tasks = new Set<number>();
  private readonly measuredTasks = new Set<number>();

  add({ task, masked }: Pick<ScannedRow, 'task' | 'masked'>): void {
    this.tasks.add(task);
    if (masked) {
      this.masked += 1;
      return;
    }
    this.measured += 1;
    this.measuredTasks.add(task);
  }

  /** The reference's four `coverage/*` metrics; empty where nothing is masked. */
  metrics(): MetricsObject {
    if (this.masked === 0) return {};
    return {
      'coverage/measured_rollouts': this.measured,
      'coverage/masked_rollouts': this.masked,
      'coverage/measured_tasks': this.measuredTasks.size,
      'coverage/fully_masked_tasks': this.tasks.size - this.measuredTasks.size,
    };
  }
}
