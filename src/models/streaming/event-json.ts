import type { JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject, readInBandError } from '../../protocol/index.js';

/** One event's data as an object. Throws `garbage_reply`, or the failure that an error event tells of. */
export function eventJson(data: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new CallFailure('garbage_reply', `an event of the stream is not JSON: ${data.slice(0, 80)}`, {
      retryable: true,
    });
  }
  if (!isObject(value))
    throw new CallFailure('garbage_reply', 'an event of the stream is not an object', { retryable: true });
  return value;
}

export function throwToldError(event: JsonObject): void {
  const told = readInBandError(event);
  if (told === undefined) return;
  throw new CallFailure(told.kind, `the stream holds an error: ${told.message}`, {
    status: 200,
    retryable: told.retryable,
    providerCode: told.code,
    providerMessage: told.message,
  });
}
