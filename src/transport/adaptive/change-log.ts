import type { Change } from './types.js';

const KEPT = 1000;

/** The latest changes of a limit with their reasons, oldest first. */
export class ChangeLog {
  readonly #changes: Change[] = [];

  add(change: Change): void {
    if (this.#changes.length === KEPT) this.#changes.shift();
    this.#changes.push(change);
  }

  all(): readonly Change[] {
    return this.#changes;
  }
}
