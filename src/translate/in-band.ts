import type { JsonObject } from '../protocol/index.js';
import { CallFailure, readInBandError } from '../protocol/index.js';

/** Throws `in_band_error` when a body that came with status 200 is an error after all. */
export function throwInBandError(body: JsonObject): void {
  const info = readInBandError(body);
  if (info === undefined) return;
  throw new CallFailure('in_band_error', `the provider answered 200 with an error: ${info.message}`, {
    retryable: info.retryable,
    providerCode: info.code,
    providerMessage: info.message,
  });
}
