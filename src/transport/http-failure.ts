import type { FailureKind } from '../protocol/index.js';
import { CallFailure, header, readErrorBody, readRetryAfter } from '../protocol/index.js';
import type { RawReply } from './send.js';

/** What to look at, for the faults that only the user can mend. */
const ADVICE: Partial<Record<FailureKind, string>> = {
  auth: ' Check the API key.',
  permission: ' Check what this API key may use.',
  not_found: ' Check base_url and the model name.',
  quota_exhausted: ' The quota or the credit of this account is spent.',
};

/** Failures that asking again, even on resume with the same configuration, cannot mend. */
const LASTING: ReadonlySet<FailureKind> = new Set(['bad_request', 'context_overflow', 'content_policy']);

/** What a provider said no with, as it came. May hold what must not be shown: it is for who passes it on. */
export class RefusedReply extends Error {
  override readonly name = 'RefusedReply';

  constructor(readonly reply: RawReply) {
    super(`HTTP ${reply.status}`);
  }
}

/** An HTTP reply that is not 2xx as a typed failure with the provider's own words. */
export function httpFailure(reply: RawReply, url: string, now: number, cause?: RefusedReply): CallFailure {
  const { origin, pathname } = new URL(url);
  const where = `${origin}${pathname}`;
  if (reply.status >= 300 && reply.status < 400) {
    const to = header(reply.headers, 'location') ?? 'elsewhere';
    return new CallFailure(
      'bad_request',
      `${where}: HTTP ${reply.status}, moved to ${to}. Change base_url.`,
      {
        status: reply.status,
        retryable: false,
      },
    );
  }
  const told = readErrorBody(reply.status, reply.headers, reply.text);
  const retryAfterMs = readRetryAfter(reply.headers, reply.text, now);
  return new CallFailure(
    told.kind,
    `${where}: HTTP ${reply.status}: ${told.message}${ADVICE[told.kind] ?? ''}`,
    {
      status: reply.status,
      retryable: told.retryable || !LASTING.has(told.kind),
      providerCode: told.code,
      providerMessage: told.message,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(cause !== undefined && { cause }),
    },
  );
}
