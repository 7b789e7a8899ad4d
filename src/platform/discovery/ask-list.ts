import { CallFailure, header, type Clock } from '../../protocol/index.js';
import { HttpError } from '../../serve/http/index.js';
import { askProvider, collect, refusedOf, type Upstreams } from '../gateway/index.js';
import type { Entity } from '../registry/index.js';
import { failed, readListing, type Listing } from './read-list.js';

const MAX_LIST_BYTES = 16 * 1024 * 1024;
const PATIENCE_MS = 30_000;

/** Asks a provider for its models. Never throws: what goes wrong is the listing's message. */
export async function askList(provider: Entity, upstreams: Upstreams, clock: Clock): Promise<Listing> {
  const abort = new AbortController();
  const patience = clock.after(PATIENCE_MS, () => abort.abort(new CallFailure('timeout_call', 'no answer')));
  try {
    const { status, bytes } = await askProvider(upstreams, provider, 'v1/models', abort.signal);
    const text = (await collect(bytes, MAX_LIST_BYTES, abort.signal))?.toString('utf8') ?? '';
    return readListing(status, header(bytes.headers, 'content-type') ?? '', text);
  } catch (error) {
    return listingOf(error);
  } finally {
    patience();
    abort.abort();
  }
}

function listingOf(error: unknown): Listing {
  if (error instanceof HttpError) return failed(`Gateway error (HTTP ${error.status})`);
  if (!(error instanceof CallFailure)) return failed('Internal error');
  const refused = refusedOf(error);
  if (refused !== null) return readListing(refused.reply.status, '', refused.reply.text);
  return failed(`Gateway error (HTTP ${error.kind.startsWith('timeout') ? 504 : 502})`);
}
