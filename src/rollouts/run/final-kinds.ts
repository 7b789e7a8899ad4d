import type { FailureKind } from '../../protocol/index.js';

/**
 * Failures that the row itself causes: asking again gives the same. All others, a wrong key or a dead endpoint
 * above all, may be gone by the time the run is resumed.
 */
const CAUSED_BY_ROW: ReadonlySet<FailureKind> = new Set([
  'bad_request',
  'content_policy',
  'context_overflow',
  'row_invalid',
  'untranslatable',
]);

/** True when resuming must not try the rollout again unless the user asks for it. */
export function isFinal(kind: FailureKind, retryable: boolean): boolean {
  return !retryable && CAUSED_BY_ROW.has(kind);
}
