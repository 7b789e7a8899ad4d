import type { JsonObject } from '../../protocol/index.js';
import type { Exchange, Reply } from './exchange.js';
import { HttpError, notFound } from './http-error.js';

/** One thing that a server can be asked for; also the source of its OpenAPI description. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * An exact path, or one that ends in `{name}` and takes what no exact path has: `/{name}` one segment, a longer one
   * whatever follows, slashes included.
   */
  readonly path: string;
  readonly summary: string;
  /** JSON schema of the request body. */
  readonly accepts?: JsonObject;
  /** JSON schema of the 200 answer. */
  readonly returns?: JsonObject;
  /** Answers `text/event-stream` when the body has `stream: true`. */
  readonly streams?: boolean;
  handle(exchange: Exchange): Promise<Reply | undefined> | Reply;
}

export interface Match {
  readonly route: Pick<Route, 'handle'>;
  readonly segment: string;
}

/** Finds what answers a request, by its method and its path (still percent-encoded); throws HttpError where nothing does. */
export type Find = (method: string, path: string) => Match;

/** Finds a route: 404 for an unknown path, 405 for a known one asked with another method. */
export function createRouter(routes: readonly Route[]): Find {
  const exact = new Map(routes.filter(({ path }) => !path.includes('{')).map((r) => [key(r), r]));
  const open = routes.filter(({ path }) => path.includes('{'));
  const known = new Set([...exact.values()].map(({ path }) => path));
  return (method, path) => {
    const asked = method === 'HEAD' ? 'GET' : method;
    const found = exact.get(`${asked} ${path}`);
    if (found !== undefined) return { route: found, segment: '' };
    if (known.has(path)) throw new HttpError(405, { detail: 'Method Not Allowed' });
    for (const route of open) {
      const segment = route.method === asked ? restOf(route.path, path) : '';
      if (segment !== '') return { route, segment: decode(segment) };
    }
    throw notFound();
  };
}

/** What a path has in the place of the name; empty when it does not fit. */
function restOf(pattern: string, path: string): string {
  const prefix = pattern.slice(0, pattern.indexOf('{'));
  if (!path.startsWith(prefix)) return '';
  const rest = path.slice(prefix.length);
  return prefix === '/' && rest.includes('/') ? '' : rest;
}

function key(route: Route): string {
  return `${route.method} ${route.path}`;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}
