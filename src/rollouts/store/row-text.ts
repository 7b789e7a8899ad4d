import { float, writeRow } from '../../metrics/index.js';
import type { Attempt, JsonObject, Outcome, TaskRow } from '../../protocol/index.js';
import type { JudgeUse } from '../run/judges.js';

/** How an episode was carried out: the row's `_ng_run`. Times in milliseconds. */
export interface RunRecord {
  stop_reason?: string;
  turns?: number;
  duration_ms: number;
  /** Every request to a provider, in order. */
  attempts: readonly Attempt[];
  /** US dollars; null when the price or the token counts are unknown. */
  cost_usd?: number | null;
  /** What the judges used, beside that; absent where none was asked. */
  judges?: JudgeUse;
}

/** Keys that say which rollout a row is. */
function stamps(row: TaskRow, attempt: number): Record<string, unknown> {
  return {
    _ng_task_index: row._ng_task_index,
    _ng_rollout_index: row._ng_rollout_index,
    agent_ref: row.agent_ref,
    ...(row.skills_ref === undefined ? {} : { skills_ref: row.skills_ref }),
    ...(attempt === 0 ? {} : { _ng_attempt_index: attempt }),
    ...(row._ng_rollout_id === undefined ? {} : { _ng_rollout_id: row._ng_rollout_id }),
  };
}

/**
 * A line of the rollouts file: the agent's result, the stamps, `_ng_run`. The reward is written as a float
 * (`1.0`), as every reader of the reference's files expects. A masked rollout stands there too, as in the reference:
 * `mask_sample` says that its reward is no measurement.
 */
export function resultLine(
  row: TaskRow,
  outcome: Extract<Outcome, { status: 'scored' | 'masked' }>,
  attempt: number,
  run: RunRecord,
): string {
  const { result } = outcome;
  const reward = outcome.status === 'scored' ? outcome.reward : result['reward'];
  return writeRow({
    ...result,
    ...(typeof reward === 'number' ? { reward: float(reward) } : {}),
    ...(outcome.status === 'masked' ? { mask_sample: true } : {}),
    ...stamps(row, attempt),
    _ng_run: run,
  });
}

/** A line of the failures file: what there was, the stamps, why there is no reward. `final` = never try again. */
export function failureLine(
  row: TaskRow,
  failure: {
    partial: JsonObject | undefined;
    kind: string;
    message: string;
    retryable: boolean;
    final: boolean;
  },
  attempt: number,
  run: RunRecord,
): string {
  return writeRow({
    ...failure.partial,
    ...stamps(row, attempt),
    _ng_failure_class: failure.kind,
    message: failure.message,
    retryable: failure.retryable,
    ...(failure.final ? { _ng_failure_terminal: true } : {}),
    _ng_run: run,
  });
}
