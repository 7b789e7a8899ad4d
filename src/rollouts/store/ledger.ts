import type { FailureKind } from '../../protocol/index.js';
import { FAILURE_KINDS } from '../../protocol/index.js';
import { KeyTable } from './key-table.js';

/** What the files say about a rollout. `failed` may be tried again, `final` may not. */
export type StoredState = 'none' | 'scored' | 'masked' | 'failed' | 'final';

const STATES: readonly StoredState[] = ['none', 'scored', 'masked', 'failed', 'final'];
const MAX_ATTEMPTS = 127;

export interface StoredOutcome {
  state: StoredState;
  /** Failed attempts so far. */
  attempts: number;
  /** Of the last failure. */
  kind: FailureKind | null;
}

const isDone = (state: StoredState): boolean => state === 'scored' || state === 'masked';

/** What is stored of each rollout of a run, packed into two bytes each. */
export class Ledger {
  private readonly table = new KeyTable();

  /** Number of rollouts with at least one stored line. */
  get size(): number {
    return this.table.size;
  }

  get(task: number, rollout: number): StoredOutcome {
    const value = this.table.get(task, rollout);
    return {
      state: STATES[value & 7]!,
      kind: FAILURE_KINDS[((value >> 3) & 63) - 1] ?? null,
      attempts: value >> 9,
    };
  }

  /** False when the rollout has a result already: it is stored twice. */
  addResult(task: number, rollout: number, state: 'scored' | 'masked' = 'scored'): boolean {
    const known = this.get(task, rollout);
    if (isDone(known.state)) return false;
    this.set(task, rollout, { ...known, state });
    return true;
  }

  /** A result outranks failures, whichever came first. */
  addFailure(task: number, rollout: number, state: 'failed' | 'final' | 'masked', kind: FailureKind): void {
    const known = this.get(task, rollout);
    this.set(task, rollout, {
      state: isDone(known.state) ? known.state : state,
      attempts: Math.min(MAX_ATTEMPTS, known.attempts + (state === 'masked' ? 0 : 1)),
      kind,
    });
  }

  private set(task: number, rollout: number, outcome: StoredOutcome): void {
    const kind = outcome.kind === null ? 0 : FAILURE_KINDS.indexOf(outcome.kind) + 1;
    this.table.set(task, rollout, STATES.indexOf(outcome.state) | (kind << 3) | (outcome.attempts << 9));
  }
}
