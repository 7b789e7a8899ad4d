import type { Call, Clock, Reach } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import { DEFAULT_RETRY } from './backoff.js';
import type { CookieJar } from './cookie-jar.js';
import type { OutagePolicy } from './health/endpoints.js';
import { Endpoints } from './health/endpoints.js';
import { httpFailure } from './http-failure.js';
import { createPools } from './pool.js';
import { repeat } from './repeat.js';
import type { RawReply } from './send.js';
import { send } from './send.js';
import { DEFAULT_TIMEOUTS } from './timeouts.js';

export type { RawReply } from './send.js';

export interface PeerOptions {
  /** Address of the server, with or without a trailing slash; may have a path. */
  baseUrl: string;
  /** Of the server, for messages; default: its address. */
  name?: string;
  /** Sent as `Authorization: Bearer …` when given. */
  token?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  clock: Clock;
  /** Uniform in [0, 1): spreads the waits between tries. Default: no spread. */
  random?: () => number;
  /** Most connections. Default 1024. */
  connections?: number;
  /** What becomes of requests while the server cannot be reached. Absent: they are sent all the same. */
  outage?: OutagePolicy;
}

export interface PeerRequest {
  /** Below the base address, e.g. `/verify`. */
  path: string;
  /** JSON text; absent sends none. */
  body?: string;
  method?: 'GET' | 'POST';
  jar?: CookieJar;
  /** Most time for all tries together; 0 or Infinity: no limit. Unit: milliseconds. */
  timeoutMs: number;
  /** Called before each try; what it throws is the answer. */
  check?: () => void;
  /** Doing it twice is as good as once. False: sent again only when nothing of it can have arrived. */
  replaySafe: boolean;
}

/** Another server of the Gym family: environment, agent or head. Replies of any status are returned, not thrown. */
export interface Peer {
  readonly baseUrl: string;
  /** Throws a CallFailure for a fault of the network, and the signal's reason when the call ends. */
  request(request: PeerRequest, call: Call): Promise<RawReply>;
  /** Absent where nobody looks. */
  readonly reach?: Reach;
  /** How often the server has gone away so far. */
  readonly outages: number;
  close(): Promise<void>;
}

/** A server that does not answer is asked this often, and no more: most of what it does cannot be repeated. */
const ATTEMPTS = 3;
const MAX_REPLY_BYTES = 64 * 1024 * 1024;
/** What proxies answer in place of a server that is gone. */
const GONE: ReadonlySet<number> = new Set([502, 503, 504]);

export function createPeer(options: PeerOptions): Peer {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const { clock, random = () => 0.5, outage, name = baseUrl } = options;
  const pools = createPools({
    connections: options.connections ?? 1024,
    connectMs: DEFAULT_TIMEOUTS.connectMs,
    // uvicorn closes idle connections after 5 s: stay well below, so that it is us who close.
    keepAliveMs: 3_000,
  });
  const endpoints = outage && new Endpoints({ name, clock, random, policy: outage });
  endpoints?.watch(baseUrl, probe);
  const endpoint = endpoints?.get(baseUrl);
  return {
    baseUrl,
    request,
    ...(endpoints !== undefined && { reach: endpoints }),
    get outages() {
      return endpoint?.outages ?? 0;
    },
    async close() {
      endpoints?.close();
      await pools.close();
    },
  };

  function request(asked: PeerRequest, call: Call): Promise<RawReply> {
    const { timeoutMs, path, replaySafe } = asked;
    return repeat(
      {
        replaySafe,
        target() {
          asked.check?.();
          return { endpoint };
        },
        attempt(_goal, scoped) {
          const send = (): Promise<RawReply> => once(asked, scoped);
          return endpoint === undefined ? send() : endpoint.ask(scoped, send);
        },
        timeUp() {
          const text = `${baseUrl}${path}: no answer within ${timeoutMs / 1000} s`;
          return new CallFailure('timeout_call', text, { retryable: true });
        },
      },
      call,
      { policy: { ...DEFAULT_RETRY, maxAttempts: ATTEMPTS }, callMs: timeoutMs, clock, random, endpoints },
    );
  }

  async function once(asked: PeerRequest, call: Call): Promise<RawReply> {
    const cookie = asked.jar?.header();
    const headers = {
      ...options.headers,
      accept: 'application/json',
      ...(asked.body !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
    };
    const reply = await send(
      {
        url: baseUrl + asked.path,
        method: asked.method ?? 'POST',
        headers,
        ...(asked.body !== undefined && { body: asked.body }),
      },
      call,
      call.signal,
      {
        pools,
        timeouts: { ...DEFAULT_TIMEOUTS, firstByteMs: 0, idleMs: 0 },
        maxReplyBytes: MAX_REPLY_BYTES,
      },
    );
    asked.jar?.take(reply.headers);
    return reply;
  }

  /** Whatever the server says to this, it is there. */
  async function probe(signal: AbortSignal): Promise<void> {
    const call: Call = { ...DETACHED, signal };
    const reply = await once({ path: '/', method: 'GET', timeoutMs: 0, replaySafe: true }, call);
    if (GONE.has(reply.status)) throw httpFailure(reply, `${baseUrl}/`, clock.now());
  }
}

const DETACHED: Omit<Call, 'signal'> = {
  deadline: null,
  episodeId: 'probe',
  rolloutIndex: 0,
  attempts: [],
  onPhase: () => undefined,
};
