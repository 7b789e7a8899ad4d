import type { Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import { MAX_TIMER_MS } from './clock.js';
import type { CookieJar } from './cookie-jar.js';
import { maybeDelivered } from './network-failure.js';
import { createPools } from './pool.js';
import type { RawReply } from './send.js';
import { send } from './send.js';
import { DEFAULT_TIMEOUTS } from './timeouts.js';

export type { RawReply } from './send.js';

export interface PeerOptions {
  /** Address of the server, with or without a trailing slash; may have a path. */
  baseUrl: string;
  /** Sent as `Authorization: Bearer …` when given. */
  token?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  clock: Clock;
  /** Uniform in [0, 1): spreads the waits between tries. Default: no spread. */
  random?: () => number;
  /** Most connections. Default 1024. */
  connections?: number;
}

export interface PeerRequest {
  /** Below the base address, e.g. `/verify`. */
  path: string;
  /** JSON text; absent sends none. */
  body?: string;
  method?: 'GET' | 'POST';
  jar?: CookieJar;
  /** Most time for all tries together. Unit: milliseconds. */
  timeoutMs: number;
  /** Doing it twice is as good as once. False: sent again only when nothing of it can have arrived. */
  replaySafe: boolean;
}

/** Another server of the Gym family: environment, agent or head. Replies of any status are returned, not thrown. */
export interface Peer {
  readonly baseUrl: string;
  /** Throws a CallFailure for a fault of the network, and the signal's reason when the call ends. */
  request(request: PeerRequest, call: Call): Promise<RawReply>;
  close(): Promise<void>;
}

const TRIES = 3;
const WAIT_MS = 500;
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

export function createPeer(options: PeerOptions): Peer {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const pools = createPools({
    connections: options.connections ?? 1024,
    connectMs: DEFAULT_TIMEOUTS.connectMs,
    // uvicorn closes idle connections after 5 s: stay well below, so that it is us who close.
    keepAliveMs: 3_000,
  });
  return { baseUrl, request, close: () => pools.close() };

  async function request(asked: PeerRequest, call: Call): Promise<RawReply> {
    const scope = timeLimit(asked, call);
    try {
      for (let tried = 1; ; tried++) {
        try {
          return await once(asked, call, scope.signal);
        } catch (error) {
          if (!(error instanceof CallFailure) || scope.signal.aborted) throw error;
          if (!asked.replaySafe && maybeDelivered(error)) throw ambiguous(error, asked.path);
          if (tried === TRIES) throw error;
          await options.clock.sleep(WAIT_MS * tried * (0.5 + (options.random?.() ?? 0.5)), scope.signal);
        }
      }
    } finally {
      scope.end();
    }
  }

  async function once(asked: PeerRequest, call: Call, signal: AbortSignal): Promise<RawReply> {
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
      signal,
      {
        pools,
        timeouts: { ...DEFAULT_TIMEOUTS, firstByteMs: 0, idleMs: 0 },
        maxReplyBytes: MAX_REPLY_BYTES,
      },
    );
    asked.jar?.take(reply.headers);
    return reply;
  }

  function timeLimit({ path, timeoutMs }: PeerRequest, call: Call): { signal: AbortSignal; end(): void } {
    const controller = new AbortController();
    const follow = (): void => controller.abort(call.signal.reason);
    const timer = setTimeout(
      () => {
        const text = `${baseUrl}${path}: no answer within ${timeoutMs / 1000} s`;
        controller.abort(new CallFailure('timeout_call', text, { retryable: true }));
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    if (call.signal.aborted) follow();
    call.signal.addEventListener('abort', follow, { once: true });
    return {
      signal: controller.signal,
      end() {
        clearTimeout(timer);
        call.signal.removeEventListener('abort', follow);
      },
    };
  }
}

function ambiguous(failure: CallFailure, path: string): CallFailure {
  const text = `${failure.message} "${path}" may have been carried out, so it was not sent again.`;
  return new CallFailure('ambiguous_delivery', text, { ...failure.details, retryable: true });
}
