import type { JsonObject } from '../protocol/index.js';
import { CallFailure, readInBandError } from '../protocol/index.js';

/**
 * Throws `in_band_error` when a provider (OpenRouter, among others) names an error as the reason why it stopped: what
 * it had said until then is no answer of the model's.
 */
export function throwErrorStop(reason: unknown): void {
  if (typeof reason !== 'string' || reason.toLowerCase() !== 'error') return;
  throw new CallFailure('in_band_error', 'the provider stopped with an error', { retryable: true });
}

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
