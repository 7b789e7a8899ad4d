import { CallFailure, type JsonObject } from '../../protocol/index.js';
import { json, plainError, type Reply } from '../http/index.js';

/** `{detail, ng_failure}`: readable for any client, and typed for our own twin of the environment. */
export function failureBody(failure: CallFailure): JsonObject {
  return {
    detail: failure.message,
    ng_failure: { kind: failure.kind, message: failure.message, retryable: failure.retryable },
  };
}

/** A row that the environment cannot use is the caller's mistake (422); everything else is a 500. */
export function environmentError(error: unknown, redact: (text: string) => string): Reply {
  if (!(error instanceof CallFailure)) return plainError(error, redact);
  const { status, body } = json(failureBody(error), error.kind === 'row_invalid' ? 422 : 500);
  return { status, body: redact(body) };
}
