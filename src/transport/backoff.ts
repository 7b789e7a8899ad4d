import type { FailureKind } from '../protocol/index.js';

/** How often and how patiently a failed request is asked again. Times in milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first one included. */
  maxAttempts: number;
  /** Attempts in all when the provider told how long to wait each time. */
  maxToldAttempts: number;
  /** Attempts in all of a route that was silent: each costs the whole limit. */
  maxSilentAttempts: number;
  /** A told wait longer than this is not waited for: the request fails and says so. */
  maxToldWaitMs: number;
  /** An endpoint that takes nothing for longer than this is not waited for. */
  maxClosedMs: number;
  /** Longest wait of our own choosing. */
  maxBackoffMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 5,
  maxToldAttempts: 20,
  maxSilentAttempts: 2,
  maxToldWaitMs: 300_000,
  maxClosedMs: Infinity,
  maxBackoffMs: 30_000,
};

/** The kinds that may be asked again, with the first back-off window and, where smaller, their own limit. */
const RETRIED: Partial<Record<FailureKind, { windowMs: number; attempts?: number; silent?: true }>> = {
  connect_refused: { windowMs: 500 },
  dns: { windowMs: 500, attempts: 3 },
  connection_reset: { windowMs: 500 },
  timeout_connect: { windowMs: 500, attempts: 3 },
  timeout_first_byte: { windowMs: 500, silent: true },
  timeout_idle: { windowMs: 500, silent: true },
  rate_limited: { windowMs: 2_000 },
  overloaded: { windowMs: 2_000 },
  server_error: { windowMs: 1_000 },
  in_band_error: { windowMs: 1_000, attempts: 3 },
  garbage_reply: { windowMs: 1_000, attempts: 3 },
};

/** How many attempts a failure of this kind allows in all; 1 = never again. */
export function attemptsFor(kind: FailureKind, policy: RetryPolicy): number {
  const rule = RETRIED[kind];
  if (rule === undefined) return 1;
  const own = rule.silent === true ? policy.maxSilentAttempts : (rule.attempts ?? Infinity);
  return Math.min(policy.maxAttempts, own);
}

/**
 * The wait before attempt `failed + 1`: drawn evenly from a window that doubles with each failure. The lowest
 * quarter of the window is left out, so that no luck of the draw makes a burst.
 */
export function backoffMs(
  kind: FailureKind,
  failed: number,
  policy: RetryPolicy,
  random: () => number,
): number {
  const first = RETRIED[kind]?.windowMs ?? 1_000;
  const window = Math.min(policy.maxBackoffMs, first * 2 ** (failed - 1));
  return window * (0.25 + 0.75 * random());
}
