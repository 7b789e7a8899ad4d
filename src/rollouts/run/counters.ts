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
  /** Scored and failed by this process. */
  finished = 0;
  private rewardSum = 0;
  private rewards = 0;

  /** A planned rollout, as the files have it before this process does anything. */
  plan(state: StoredState): void {
    this.balance.planned += 1;
    this.balance[COLUMN[state]] += 1;
  }

  /** A plan of which nothing is stored yet. */
  planAll(rollouts: number): void {
    this.balance.planned += rollouts;
    this.balance.owed += rollouts;
  }

  /** Takes a rollout out of its column, into flight. */
  dispatch(state: StoredState): void {
    this.balance[COLUMN[state]] -= 1;
  }

  /** Puts a rollout that was in flight into a column. */
  settle(status: 'scored' | 'failed' | 'masked' | 'cancelled'): void {
    this.balance[status] += 1;
    if (status !== 'cancelled') this.finished += 1;
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
