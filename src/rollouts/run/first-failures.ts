import type { FailureKind, Outcome } from '../../protocol/index.js';

/** Failures that the transport tells of itself, at their first attempt. */
const TOLD_BY_TRANSPORT: ReadonlySet<FailureKind> = new Set([
  'connect_refused',
  'dns',
  'connection_reset',
  'tls',
  'timeout_connect',
  'timeout_first_byte',
  'timeout_idle',
  'rate_limited',
  'quota_exhausted',
  'auth',
  'permission',
  'not_found',
  'bad_request',
  'context_overflow',
  'content_policy',
  'overloaded',
  'server_error',
  'garbage_reply',
  'oversized_reply',
  'in_band_error',
  'retry_budget_spent',
]);

/** Tells of the first failed rollout of each kind and agent as it happens; the others are counted. */
export function firstFailedRollouts(
  notice: (message: string, level: 'warn') => void,
): (
  rollout: { agent: string; task: number; rollout: number },
  outcome: Extract<Outcome, { status: 'failed' }>,
) => void {
  const told = new Set<string>();
  return ({ agent, task, rollout }, { kind, message }) => {
    const key = `${agent} ${kind}`;
    if (TOLD_BY_TRANSPORT.has(kind) || told.has(key)) return;
    told.add(key);
    notice(`${agent}: task ${task}, rollout ${rollout}: ${kind}: ${message}`, 'warn');
  };
}
