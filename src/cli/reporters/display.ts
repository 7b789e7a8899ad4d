import type { Reporter } from '../../index.js';

/** Something that shows a run; it never changes the result. */
export interface Display {
  readonly report: Reporter;
  /** A line for the user outside the run's own events. */
  readonly say: (message: string) => void;
  /** Restores the terminal; safe to call twice. */
  readonly close: () => void;
}
