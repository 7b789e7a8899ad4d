import type { Balance, RunFiles, RunSummary } from '../types.js';

/** Complete = every planned rollout has its reward, or is deliberately without one. */
export function statusOf(balance: Balance, stopped: boolean): RunSummary['status'] {
  const left = balance.owed + balance.cancelled;
  if (left + balance.failed === 0) return 'complete';
  return stopped && left > 0 ? 'interrupted' : 'incomplete';
}

/** What a user would do now. */
export function nextStep(
  status: RunSummary['status'],
  balance: Balance,
  run: { files: RunFiles; resumed: boolean; maxAttempts: number },
): string {
  const left = balance.owed + balance.cancelled;
  if (status === 'complete') return `Look at the rollouts in ${run.files.rollouts}`;
  if (left > 0) return `Run the same command again: it goes on with the ${left} rollouts that are owed.`;
  return `See why in ${run.files.failures}; the same command again retries what failed fewer than ${run.maxAttempts} times.`;
}
