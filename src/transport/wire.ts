import type { Call, HeaderFields } from '../protocol/index.js';
import type { Hold } from './post-held.js';

/** One JSON request to a provider, and how to read what comes back. */
export interface WireRequest<T> {
  /** Name of the server instance that asks, for logs, e.g. `policy_model`. */
  readonly model: string;
  readonly url: string;
  /** The endpoint whose health, limit and allowance count: origin and base path; default: the URL without `endpoint`. */
  readonly upstream?: string;
  /** Where to ask now, asked before each attempt: for models with several endpoints. */
  readonly reroute?: () => { readonly url: string; readonly upstream: string };
  /** The URL's path below the base URL, e.g. `chat/completions`: what a recording knows it by. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
  /**
   * Asking again does no harm beyond its cost. False for what changes something at the other end: such a
   * request is repeated only when nothing of it can have arrived.
   */
  readonly replaySafe: boolean;
  /** Goes out in the place of `body` and as any method: a request that is passed on for a client. Streams only. */
  readonly passed?: PassedRequest;
  /** Asked as a stream that is held until it is whole. */
  readonly hold?: Hold;
  /**
   * Turns the parsed reply into what the caller wants. Runs inside the attempt: a {@link CallFailure} that it
   * throws is retried like any other.
   */
  read(body: unknown, reply: ReplyInfo): T;
  /** Where the text itself may be enough: the value, or undefined to have it parsed for `read`. */
  readText?: (text: string) => T | undefined;
}

/**
 * A request as a client made it. Its reply is not followed elsewhere: what is not 2xx but below 400 is a reply too, and
 * the failure of any other has the {@link RefusedReply} as its cause.
 */
export interface PassedRequest {
  readonly method: string;
  /** Path and query, byte by byte. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly bytes: Buffer | null;
}

export interface ReplyInfo {
  readonly status: number;
  readonly headers: HeaderFields;
  /** The raw body. */
  readonly text: string;
  /** Epoch milliseconds of arrival; a replayed reply keeps the time of its recording. */
  readonly receivedAt: number;
}

export interface WireReply<T> extends ReplyInfo {
  readonly value: T;
}

/** Asks once and answers, or throws a CallFailure. Everything in this folder is one of these around another. */
export type Exchange = <T>(request: WireRequest<T>, call: Call) => Promise<WireReply<T>>;

/** A concern around an exchange: `next => (request, call) => …`. */
export interface Step {
  (next: Exchange): Exchange;
  /** It answers from a recording and asks nobody. */
  readonly replays?: boolean;
}

/** The steps around the innermost exchange; the first step is the outermost. */
export function compose(innermost: Exchange, steps: readonly Step[]): Exchange {
  return steps.reduceRight<Exchange>((next, step) => step(next), innermost);
}

/** The endpoint of a request: origin and base path, without credentials and query. */
export function upstreamOf({
  url,
  endpoint,
  upstream,
}: Pick<WireRequest<unknown>, 'url' | 'endpoint' | 'upstream'>): string {
  if (upstream !== undefined) return plainBase(upstream);
  const { origin, pathname } = new URL(url);
  return plainBase(origin + (pathname.endsWith(endpoint) ? pathname.slice(0, -endpoint.length) : pathname));
}

/** What of a URL is asked for again and again. */
export interface UrlParts {
  readonly origin: string;
  readonly pathname: string;
  readonly search: string;
}

const MOST_URLS = 1000;
const urls = new Map<string, UrlParts>();

/** The parts of a URL. There are few URLs, and each request asks more than once. */
export function partsOf(url: string): UrlParts {
  let parts = urls.get(url);
  if (parts !== undefined) return parts;
  const { origin, pathname, search } = new URL(url);
  parts = { origin, pathname, search };
  if (urls.size >= MOST_URLS) urls.clear();
  urls.set(url, parts);
  return parts;
}

/** A base URL as it names an endpoint. */
export function plainBase(base: string): string {
  const { origin, pathname } = new URL(base);
  return (origin + pathname).replace(/\/+$/, '');
}
