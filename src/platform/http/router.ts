import { HttpError, notFound, type Exchange, type Find, type Reply } from '../../serve/http/index.js';
import type { Fields, Kind } from '../schema/index.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request whose path matched. */
export interface Call {
  readonly exchange: Exchange;
  /** The parts of the path that have names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export type Handle = (call: Call) => Promise<Reply | undefined> | Reply;

/** One thing that can be asked for. */
export interface Endpoint {
  readonly method: Method;
  /** `/apis/models/v2/workspaces/{workspace}/models/{name}`: each name takes one segment. */
  readonly path: string;
  readonly handle: Handle;
  /** What it reads of a query, and of a body: for its description. */
  readonly query?: Fields;
  readonly filters?: readonly string[];
  readonly body?: Kind;
  /** Of an answer that does what was asked. Default: 200. */
  readonly status?: number;
}

interface Place {
  readonly segments: readonly string[];
  /** In the order in which they were given: the first one is named in a 405. */
  readonly byMethod: Map<string, Handle>;
}

/**
 * Finds an endpoint as the reference's router does: on the decoded path, 405 with the first method of the path, and
 * a slash too many leads to the path without it.
 */
export function createFinder(endpoints: readonly Endpoint[]): Find {
  const byLength = new Map<number, Place[]>();
  for (const { method, path, handle } of endpoints) {
    const segments = path.split('/');
    const places = byLength.get(segments.length) ?? [];
    byLength.set(segments.length, places);
    let place = places.find((each) => each.segments.join('/') === path);
    if (place === undefined) places.push((place = { segments, byMethod: new Map() }));
    place.byMethod.set(method, handle);
  }
  return (method, path) => {
    const asked = decoded(path).split('/');
    const place = placeOf(byLength, asked);
    if (place === undefined) {
      if (path.length > 1 && path.endsWith('/') && placeOf(byLength, asked.slice(0, -1)) !== undefined)
        return redirect(path);
      throw notFound();
    }
    const handle = place.byMethod.get(method);
    if (handle === undefined) throw wrongMethod([...place.byMethod.keys()][0]!);
    const params = paramsOf(place.segments, asked);
    return {
      segment: '',
      route: { handle: (exchange) => handle({ exchange, params, query: queryOf(exchange) }) },
    };
  };
}

export function wrongMethod(allowed: string): HttpError {
  return new HttpError(405, { detail: 'Method Not Allowed' }, { allow: allowed });
}

export function queryOf({ request }: Exchange): URLSearchParams {
  const target = request.url ?? '';
  const at = target.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : target.slice(at + 1));
}

function placeOf(
  byLength: ReadonlyMap<number, readonly Place[]>,
  asked: readonly string[],
): Place | undefined {
  return byLength
    .get(asked.length)
    ?.find(({ segments }) =>
      segments.every((segment, index) =>
        segment.startsWith('{') ? asked[index] !== '' : segment === asked[index],
      ),
    );
}

function paramsOf(segments: readonly string[], asked: readonly string[]): Record<string, string> {
  const named = segments.flatMap((segment, index) =>
    segment.startsWith('{') ? [[segment.slice(1, -1), asked[index]!] as const] : [],
  );
  return Object.fromEntries(named);
}

function redirect(path: string): ReturnType<Find> {
  const handle = ({ request }: Exchange): Reply => {
    const query = (request.url ?? '').slice(path.length);
    const location = `http://${request.headers.host ?? ''}${path.replace(/\/+$/, '')}${query}`;
    return { status: 307, body: '', type: null, headers: { location } };
  };
  return { segment: '', route: { handle } };
}

/** Bytes that are no UTF-8 stand for characters that no name has. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%[0-9a-f]{2}/gi, '\ufffd');
  }
}
