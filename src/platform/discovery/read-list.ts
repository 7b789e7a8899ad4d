import { isObject } from '../../protocol/index.js';
import { jsonFault } from '../../python/index.js';

/** What a provider's answer to `GET /v1/models` means for it. */
export interface Listing {
  readonly status: 'READY' | 'ERROR';
  readonly message: string;
  /** Model ids; null when the answer is no list, and the provider can be reached by its own route only. */
  readonly ids: readonly string[] | null;
  /** Of adapters: the model that each is loaded beside. */
  readonly parents?: ReadonlyMap<string, string>;
}

export const NO_LIST: Listing = {
  status: 'READY',
  message: 'Non-OpenAI compliant endpoint, model entity routing disabled',
  ids: null,
};

/** Statuses that say that there is no such thing at this endpoint, and nothing about its health. */
const ABSENT: ReadonlySet<number> = new Set([404, 405, 501]);
/** The key is wrong or nothing answers: told with the status that the gateway would give. */
const AS_GATEWAY: ReadonlySet<number> = new Set([401, 403]);

export function readListing(status: number, contentType: string, text: string): Listing {
  if (status >= 300) {
    if (status < 400 || ABSENT.has(status)) return NO_LIST;
    return failed(`Gateway error (HTTP ${AS_GATEWAY.has(status) ? 502 : status})`);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    if (/html/i.test(contentType)) return NO_LIST;
    return failed(`Network error: ${jsonFault(text)?.message ?? 'not JSON'}`);
  }
  const data = isObject(body) ? body['data'] : undefined;
  if (!Array.isArray(data)) return NO_LIST;
  const ids = data.flatMap((item) => (isObject(item) && typeof item['id'] === 'string' ? [item['id']] : []));
  const parents = new Map(
    data.flatMap((item) =>
      isObject(item) && typeof item['id'] === 'string' && typeof item['parent'] === 'string'
        ? [[item['id'], item['parent']] as const]
        : [],
    ),
  );
  return { status: 'READY', message: '', ids, parents };
}

export function failed(why: string): Listing {
  return { status: 'ERROR', message: `Provider discovery failed: ${why}`, ids: null };
}
