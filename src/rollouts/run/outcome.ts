import type { Balance, RunFiles, RunSummary } from '../types.js';
import type { Stop, StopCause } from './stopper.js';

/** Complete = every planned rollout has its reward, or is deliberately without one. */
export function statusOf(balance: Balance, cause: StopCause | null): RunSummary['status'] {
  const left = balance.owed + balance.cancelled;
  if (left + balance.failed === 0) return 'complete';
  return left > 0 && (cause === 'drain' || cause === 'abort') ? 'interrupted' : 'incomplete';
}

const FIRST: Record<StopCause, string> = {
  drain: '',
  abort: '',
  budget: 'Raise the limit and run',
  outage: 'Once it can be reached, run',
  disk: 'Make room on the disk and run',
  output: 'Put the files back where they were, if they were moved, and run',
  replay: 'Record what is missing (+record instead of +replay), or undo the change, and run',
};

/** What a user would do now. */
export function nextStep(
  status: RunSummary['status'],
  balance: Balance,
  run: {
    files: RunFiles;
    /** Failed rollouts that the same command would not play again. */
    leftAlone: number;
    stop: Stop | null;
    show: (file: string) => string;
  },
): string {
  const left = balance.owed + balance.cancelled;
  if (status === 'complete') {
    return `ng eval report ${run.show(run.files.rollouts)}`;
  }
  if (left === 0) {
    return `See why in ${run.show(run.files.failures)}; ${goOn(balance.failed, run.leftAlone)}.`;
  }
  const first = run.stop === null || FIRST[run.stop.cause] === '' ? 'Run' : FIRST[run.stop.cause];
  return `${first} the same command again: it goes on with the ${left} ${left === 1 ? 'rollout that is' : 'rollouts that are'} owed.`;
}

/** How what failed can be played again: by itself, or only when asked for. */
function goOn(failed: number, leftAlone: number): string {
  const asked = '+retry_failed=true';
  if (leftAlone === 0) return 'the same command again plays what failed';
  if (leftAlone < failed) {
    return `the same command again plays ${failed - leftAlone} of the ${failed} that failed, with ${asked} all of them`;
  }
  return `the same command again leaves what failed alone, with ${asked} it plays it`;
}
