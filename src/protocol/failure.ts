import type { Attempt } from './contracts.js';

/**
 * Why something outside our control did not work, typed at the place where it was seen. The list is closed:
 * every rollout that is not scored names one of these, and a unit test maps each to a state.
 */
export const FAILURE_KINDS = [
  'connect_refused',
  'dns',
  'connection_reset',
  'tls',
  'timeout_connect',
  'timeout_first_byte',
  'timeout_idle',
  'timeout_call',
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
  'circuit_open',
  'retry_budget_spent',
  'replay_miss',
  'token_ids_missing',
  'untranslatable',
  'row_invalid',
  'open_failed',
  'tool_failed',
  'tool_timeout',
  'ambiguous_delivery',
  'verify_failed',
  'verify_timeout',
  'verify_unavailable',
  'judge_failed',
  'unanswered',
  'episode_timeout',
  'agent_failed',
  'internal',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Those of rollouts that were played to the end and lack a verdict only: it can be had without playing them again. */
export const UNVERIFIED_KINDS: ReadonlySet<FailureKind> = new Set(['judge_failed', 'verify_unavailable']);

export interface FailureDetails {
  /** HTTP status, when there was one. */
  status?: number;
  /** How long the provider asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Asking again, now or on resume, may give another result. */
  retryable?: boolean;
  /** The provider's own code and the first part of its words; secrets already removed. */
  providerCode?: string | null;
  providerMessage?: string;
  attempts?: Attempt[];
  /** False: nothing of the request has gone out. */
  sent?: false;
  cause?: unknown;
}

/** A typed failure of a model, tool or verifier: caught by the agent or runner and stored as data. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message, { cause: details.cause });
  }

  get retryable(): boolean {
    return this.details.retryable ?? false;
  }
}

/**
 * What a failure says to a client of ours: the same without the address of the provider, which may be internal.
 * Failures of the transport begin with it. Rows and logs keep the whole message.
 */
export function publicMessage({ message, details }: CallFailure): string {
  const [, address, colon, words = ''] = /^(https?:\/\/\S+?)(:?)\s([\s\S]*)$/.exec(message) ?? [];
  if (address === undefined || !URL.canParse(address)) return message;
  const { origin, host, port } = new URL(address);
  const names = (word: string): boolean => word.includes(origin) || (port !== '' && word.includes(host));
  const told = (colon === ':' ? words : `the provider ${words}`)
    .split(/(\s+)/)
    .map((word) => (names(word) ? 'the provider' : word))
    .join('');
  // Where a redirect points is an address of the provider too.
  const moved = details.status !== undefined && details.status >= 300 && details.status < 400;
  return moved ? told.replace(/moved to \S+/, 'moved to another address') : told;
}
