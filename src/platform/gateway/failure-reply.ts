import type { CallFailure } from '../../protocol/index.js';
import { header } from '../../protocol/index.js';
import { characters } from '../../python/index.js';
import { HttpError, type Reply } from '../../serve/http/index.js';
import { RefusedReply } from '../../transport/index.js';

/** Of a provider's own words on an error. Unit: characters. */
const MAX_WORDS = 2048;
const HIDDEN = '**********';
/** What the provider says to our key and our path concerns the platform, not its client. */
const OURS: ReadonlySet<number> = new Set([401, 403, 404]);

/** How a client is told of what concerns the platform: as a fault of the gateway, or with the provider's own status. */
export type OwnRefusals = 'as 502' | 'as they are';

/** What a client is told of a request that a provider did not serve. `key`: the provider's, which it may have echoed. */
export function failureReply(
  failure: CallFailure,
  base: URL,
  { key, ours }: { key: string | null; ours: OwnRefusals },
): HttpError {
  const refused = refusedOf(failure);
  if (refused === null) {
    const { retryAfterMs } = failure.details;
    const headers: Record<string, string> = {};
    if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
    const status = failure.kind.startsWith('timeout') ? 504 : failure.kind === 'untranslatable' ? 400 : 502;
    return new HttpError(status, { detail: hide(wordsOf(failure, base, status), key) }, headers);
  }
  const { status, headers: given, text } = refused.reply;
  const words = hide(
    characters(text.slice(0, 2 * MAX_WORDS))
      .slice(0, MAX_WORDS)
      .join(''),
    key,
  );
  const wait = header(given, 'retry-after');
  const headers: Record<string, string> = wait === undefined ? {} : { 'retry-after': wait };
  if (ours === 'as 502' && OURS.has(status))
    return new HttpError(502, { detail: `Backend returned ${status}: ${words}` }, headers);
  return new HttpError(status, { detail: words }, headers);
}

/** A reply that leads elsewhere is not followed: the key would go with it. */
export function redirected(status: number): Reply {
  const detail = `Backend networking error: HTTP ${status}, a redirect, which is not followed`;
  return { status: 502, body: JSON.stringify({ detail }) };
}

export function refusedOf(failure: CallFailure): RefusedReply | null {
  return failure.cause instanceof RefusedReply ? failure.cause : null;
}

function wordsOf(failure: CallFailure, base: URL, status: number): string {
  if (status === 400) return failure.message;
  if (failure.kind !== 'connect_refused') return `Backend networking error: ${failure.message}`;
  const port = base.port === '' ? (base.protocol === 'https:' ? '443' : '80') : base.port;
  const host = base.hostname;
  // In the words of the reference's HTTP library, for whoever reads them.
  const where = `${host}:${port} ssl:default [Connect call failed ('${host}', ${port})]`;
  return `Backend networking error: Cannot connect to host ${where}`;
}

function hide(words: string, key: string | null): string {
  return key === null || key.length < 4 ? words : words.replaceAll(key, HIDDEN);
}
