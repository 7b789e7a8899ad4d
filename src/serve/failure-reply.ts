import { CallFailure, publicMessage, type JsonObject } from '../protocol/index.js';
import { json, plainError, type Reply } from './http/index.js';

/** `{detail, ng_failure}`: readable for any client, and typed for our own remote twins. */
function failureBody(failure: CallFailure): JsonObject {
  const message = publicMessage(failure);
  return {
    detail: message,
    ng_failure: { kind: failure.kind, message, retryable: failure.retryable },
  };
}

/** A row that cannot be used is the caller's mistake (422); every other failure is a 500. */
export function failureReply(error: unknown, redact: (text: string) => string): Reply {
  if (!(error instanceof CallFailure)) return plainError(error, redact);
  const { status, body } = json(failureBody(error), error.kind === 'row_invalid' ? 422 : 500);
  return { status, body: redact(body) };
}
