import type { HeaderFields } from '../protocol/index.js';
import { header } from '../protocol/index.js';

/** More than any honest server needs. */
export const MAX_REDIRECTS = 5;

/** Statuses after which the same request may be sent to the new address: those that keep method and body. */
const KEEP_METHOD: ReadonlySet<number> = new Set([307, 308]);
const FOLLOW_GET: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where a reply sends its request, if it may be followed: on the same host, never from https back to http, so that a
 * key reaches nobody that it was not meant for. A POST follows only what keeps it a POST.
 */
export function redirectTarget(
  request: { url: string; method: 'GET' | 'POST' },
  status: number,
  headers: HeaderFields,
): string | undefined {
  if (!(request.method === 'GET' ? FOLLOW_GET : KEEP_METHOD).has(status)) return undefined;
  const location = header(headers, 'location');
  const from = new URL(request.url);
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from);
  const upgraded =
    from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === '';
  if (to.hostname !== from.hostname || to.username !== '') return undefined;
  return to.origin === from.origin || upgraded ? to.href : undefined;
}
