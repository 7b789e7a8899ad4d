import { publicMessage } from '../protocol/index.js';
import type { CallFailure, FailureKind, JsonObject } from '../protocol/index.js';
import type { Dialect } from './form.js';

/** The HTTP status that tells a client of a failure: the upstream's own where there was one. */
const STATUS: Readonly<Partial<Record<FailureKind, number>>> = {
  untranslatable: 400,
  bad_request: 400,
  context_overflow: 400,
  content_policy: 400,
  row_invalid: 400,
  auth: 401,
  quota_exhausted: 402,
  permission: 403,
  not_found: 404,
  rate_limited: 429,
  retry_budget_spent: 429,
  overloaded: 503,
  circuit_open: 503,
  timeout_connect: 504,
  timeout_first_byte: 504,
  timeout_idle: 504,
  timeout_call: 504,
  internal: 500,
};

/** Error types as OpenAI names them, by status. */
function openaiType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  if (status === 402) return 'insufficient_quota';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function anthropicType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 402) return 'billing_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 413) return 'request_too_large';
  if (status === 429) return 'rate_limit_error';
  if (status === 503 || status === 529) return 'overloaded_error';
  if (status === 504) return 'timeout_error';
  return status < 500 ? 'invalid_request_error' : 'api_error';
}

/** A failure as a client of some dialect expects it. `headers` carry the wait that the provider asked for. */
export interface ErrorReply {
  status: number;
  headers: Record<string, string>;
  body: JsonObject;
}

function statusOf({ kind, details }: CallFailure): number {
  const { status } = details;
  if (status !== undefined && status >= 400) return status;
  return STATUS[kind] ?? 502;
}

/** The error object inside bodies and stream events. `kind` is ours and more exact than `type`. */
export function writeErrorObject(dialect: Dialect, failure: CallFailure): JsonObject {
  const status = statusOf(failure);
  if (dialect === 'messages') return { type: anthropicType(status), message: publicMessage(failure) };
  return {
    message: publicMessage(failure),
    type: openaiType(status),
    param: null,
    code: failure.details.providerCode ?? failure.kind,
  };
}

/** The whole error reply in the client's dialect, with its status and `retry-after` (whole seconds). */
export function writeError(dialect: Dialect, failure: CallFailure): ErrorReply {
  const { retryAfterMs } = failure.details;
  const error = writeErrorObject(dialect, failure);
  return {
    status: statusOf(failure),
    headers: retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    body: dialect === 'messages' ? { type: 'error', error, request_id: null } : { error },
  };
}
