import { CallFailure, failureKindOf, isObject, readErrorBody } from '../../protocol/index.js';
import type { FailureKind, Json, JsonObject } from '../../protocol/index.js';
import type { RawReply } from '../../transport/index.js';

/** A reply that is not 2xx as a typed failure; our own servers say which. 4xx is not worth another try. */
export function replyFailure(reply: RawReply, url: string, fallback: FailureKind): CallFailure {
  const told = typedFailure(reply.text);
  const { message } = readErrorBody(reply.status, reply.headers, reply.text);
  return new CallFailure(
    failureKindOf(told?.['kind'], fallback),
    `${url}: HTTP ${reply.status}: ${message}`,
    {
      status: reply.status,
      retryable: typeof told?.['retryable'] === 'boolean' ? told['retryable'] : reply.status >= 500,
      providerMessage: message,
    },
  );
}

/** The JSON object of a 2xx reply; anything else is the `fallback` failure. */
export function replyObject(reply: RawReply, url: string, fallback: FailureKind): JsonObject {
  if (reply.status < 200 || reply.status >= 300) throw replyFailure(reply, url, fallback);
  let body: Json | undefined;
  try {
    body = JSON.parse(reply.text) as Json;
  } catch {
    body = undefined;
  }
  if (isObject(body)) return body;
  const excerpt = reply.text.slice(0, 120).replace(/\s+/g, ' ');
  throw new CallFailure(fallback, `${url}: HTTP ${reply.status}, but no JSON object: "${excerpt}"`, {
    status: reply.status,
    retryable: true,
  });
}

function typedFailure(text: string): JsonObject | undefined {
  try {
    const body = JSON.parse(text) as Json;
    return isObject(body) && isObject(body['ng_failure']) ? body['ng_failure'] : undefined;
  } catch {
    return undefined;
  }
}
