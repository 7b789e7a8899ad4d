import { CallFailure, type Call, type Json } from '../../protocol/index.js';
import { createPeer, systemClock } from '../../transport/index.js';

export interface AskOptions {
  token?: string | null;
  timeoutMs: number;
}

/** A call that belongs to no episode. */
export function detachedCall(): Call {
  return {
    signal: new AbortController().signal,
    deadline: null,
    episodeId: 'none',
    rolloutIndex: 0,
    attempts: [],
    onPhase: () => undefined,
  };
}

/** One GET of another server: its JSON, or a CallFailure that says what was wrong. */
export async function ask(baseUrl: string, path: string, options: AskOptions): Promise<Json> {
  const peer = createPeer({
    baseUrl,
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    connections: 1,
    ...(options.token != null && { token: options.token }),
  });
  try {
    const reply = await peer.request(
      { path, method: 'GET', timeoutMs: options.timeoutMs, replaySafe: true },
      detachedCall(),
    );
    if (reply.status === 401) throw new CallFailure('auth', `${baseUrl}${path}: a server_token is needed`);
    if (reply.status !== 200) {
      throw new CallFailure('bad_request', `${baseUrl}${path}: HTTP ${reply.status}`, {
        status: reply.status,
      });
    }
    return JSON.parse(reply.text) as Json;
  } finally {
    await peer.close();
  }
}
