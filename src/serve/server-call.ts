import type { Call, TaskRow } from '../protocol/index.js';
import type { Exchange } from './http/index.js';

/** The {@link Call} of a request that came over HTTP: it ends when the client hangs up. */
export function serverCall(exchange: Exchange, episodeId: string, rolloutIndex = 0): Call {
  return {
    signal: exchange.signal,
    cancel: exchange.cancel,
    deadline: null,
    episodeId: exchange.rolloutId ?? episodeId,
    rolloutIndex,
    attempts: [],
    onPhase: () => undefined,
  };
}

/** `<task>-<rollout>` of a row that says which it is, else the fallback. */
export function episodeIdOf(row: Readonly<Record<string, unknown>>, fallback: string): string {
  const {
    _ng_rollout_id: id,
    _ng_task_index: task,
    _ng_rollout_index: rollout,
    _ng_attempt_index: attempt,
  } = row;
  if (typeof id === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) return id;
  if (!Number.isInteger(task) || !Number.isInteger(rollout)) return fallback;
  return `${String(task)}-${String(rollout)}${Number(attempt) > 0 ? `-a${String(attempt)}` : ''}`;
}

/** A body as a row: what a caller without a collector leaves out is filled in. */
export function asRow(body: Readonly<Record<string, unknown>>): TaskRow {
  const index = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return {
    ...body,
    responses_create_params: body['responses_create_params'] as TaskRow['responses_create_params'],
    _ng_task_index: index(body['_ng_task_index']),
    _ng_rollout_index: index(body['_ng_rollout_index']),
  };
}
