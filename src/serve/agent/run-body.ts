import type { Attempt, JsonObject, Outcome, TaskRow } from '../../protocol/index.js';
import { emptyReply } from './empty-reply.js';

/** Keys that say how a rollout went; a row that is run again may still carry them from last time. */
const RESERVED = new Set([
  'reward',
  'response',
  'error',
  '_ng_failure_class',
  '_ng_no_persist',
  '_ng_failure_terminal',
  '_ng_run',
]);

/**
 * The reply of `/run` for an outcome, as the reference's collector reads it: a scored or masked row, or a row with
 * `_ng_failure_class` (stored as a failure) or `_ng_no_persist` (stored nowhere, run again on resume). The 0 that
 * such rows have as reward is demanded by the form; no collector counts it.
 */
export function runBody(row: TaskRow, outcome: Outcome, attempts: readonly Attempt[]): JsonObject {
  const run = { attempts: attempts as unknown as JsonObject[] };
  if (outcome.status === 'scored' || outcome.status === 'masked') {
    const { result, stopReason, turns } = outcome;
    const verdict: JsonObject =
      outcome.status === 'scored' ? { reward: outcome.reward } : { mask_sample: true };
    return { ...result, ...verdict, _ng_run: { stop_reason: stopReason, turns, ...run } };
  }
  const base: JsonObject = { ...clean(row), response: emptyReply(row), reward: 0, _ng_run: run };
  if (outcome.status === 'cancelled') {
    return { ...base, _ng_failure_class: 'cancelled', _ng_no_persist: true, error: outcome.reason };
  }
  return {
    ...base,
    ...outcome.partial,
    _ng_failure_class: outcome.kind,
    ...(!outcome.retryable && { _ng_failure_terminal: true }),
    error: outcome.message,
  };
}

function clean(row: TaskRow): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !RESERVED.has(key))) as JsonObject;
}
