import { CallFailure } from '../protocol/index.js';

/** The target cannot hold this part of the request: a mistake of the caller's, status 400 when served. */
export function untranslatable(part: string, reason: string): CallFailure {
  return new CallFailure('untranslatable', `${part}: ${reason}`, { status: 400, retryable: false });
}

/** A value of untrusted JSON for use inside a message: short, on one line. */
export function label(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** The upstream's body is not what its dialect promises. Asking again may help. */
export function garbage(what: string): CallFailure {
  return new CallFailure('garbage_reply', `the provider's reply is not usable: ${what}`, { retryable: true });
}
