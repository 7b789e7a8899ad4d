import type { Call, Json, JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { Redactor } from '../redactor.js';
import type { WireRequest } from '../wire.js';
import { canonicalJson, digest } from './canonical.js';

/** What a recording is found by. */
export interface Identity {
  key: string;
  repeat: number;
  ordinal: number;
  episode: string;
  endpoint: string;
  /** The request without volatile parts and secrets. */
  request: Json;
}

/** Parts of a body that say how the answer travels, not what is asked. */
const VOLATILE: ReadonlySet<string> = new Set(['stream', 'stream_options']);

function stable(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !VOLATILE.has(key)));
}

/** The episode without the number of its attempt: a resumed episode asks the same. */
function episodeOf(call: Call): string {
  return call.episodeId.replace(/-a\d+$/, '');
}

/** Names each request of a run by what it asks, which repeat asks it, and how often the episode did so before. */
export function identifier(redactor: Redactor): (request: WireRequest<unknown>, call: Call) => Identity {
  // An episode's attempt log is made once for it: what hangs on it goes with it.
  const asked = new WeakMap<readonly unknown[], Map<string, number>>();
  return (request, call) => {
    const parsed = JSON.parse(redactor.content(request.body)) as Json;
    const body = isObject(parsed) ? stable(parsed) : parsed;
    const key = digest(canonicalJson({ endpoint: request.endpoint, request: body }));
    const counts = asked.get(call.attempts) ?? new Map<string, number>();
    asked.set(call.attempts, counts);
    const ordinal = counts.get(key) ?? 0;
    counts.set(key, ordinal + 1);
    return {
      key,
      repeat: call.rolloutIndex,
      ordinal,
      episode: episodeOf(call),
      endpoint: request.endpoint,
      request: body,
    };
  };
}
