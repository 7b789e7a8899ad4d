import type { FailureKind } from '../../protocol/index.js';
import type { StoredState } from '../store/ledger.js';
import type { Balance } from '../types.js';

/** Throws when a rollout is lost or counted twice: numbers that do not add up are never shown. */
export function checkBalance(balance: Balance): void {
  const { planned, scored, failed, masked, cancelled, owed } = balance;
  const sum = scored + failed + masked + cancelled + owed;
  if (sum === planned && Math.min(scored, failed, masked, cancelled, owed) >= 0) return;
  throw new Error(`the run's balance does not add up: ${JSON.stringify(balance)}`);
}

const COLUMN: Record<StoredState, keyof Balance> = {
  none: 'owed',
  scored: 'scored',
  masked: 'masked',
  failed: 'failed',
  final: 'failed',
};

/** The running counts of a run: each planned rollout is in exactly one column, or in flight. */
export class Counters {
  readonly balance: Balance = { planned: 0, scored: 0, failed: 0, masked: 0, cancelled: 0, owed: 0 };
  private readonly kinds = new Map<FailureKind, number>();
  private rewardSum = 0;
  private rewards = 0;

  /** A planned rollout, as the files have it; what failed and is tried again is owed, as if nothing were stored. */
  plan(state: StoredState): void {
    this.balance.planned += 1;
    this.balance[COLUMN[state]] += 1;
  }

  /** The kind of a rollout that counts as failed. */
  failure(kind: FailureKind): void {
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  /** By kind, the most frequent first. */
  get failures(): Partial<Record<FailureKind, number>> {
    return Object.fromEntries([...this.kinds].sort((a, b) => b[1] - a[1]));
  }

  /** A plan of which nothing is stored yet. */
  planAll(rollouts: number): void {
    this.balance.planned += rollouts;
    this.balance.owed += rollouts;
  }

  /** Takes an owed rollout into flight. */
  dispatch(): void {
    this.balance.owed -= 1;
  }

  /** Puts a rollout that was in flight into a column. */
  settle(status: 'scored' | 'failed' | 'masked' | 'cancelled'): void {
    this.balance[status] += 1;
  }

  reward(value: number): void {
    this.rewardSum += value;
    this.rewards += 1;
  }

  /** Null before the first reward. */
  get meanReward(): number | null {
    return this.rewards === 0 ? null : this.rewardSum / this.rewards;
  }
}
