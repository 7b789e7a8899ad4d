import type { Call } from '../../protocol/index.js';
import type { Exchange } from '../../serve/http/index.js';
import type { ByteStream } from '../../transport/index.js';
import type { Entity } from '../registry/index.js';
import { targetOf } from './address.js';
import { providerHeaders, type Headers } from './headers.js';
import { idOf, type Upstream, type Upstreams } from './upstreams.js';

/** What comes back from a provider, its bytes not yet taken. */
export interface Answer {
  readonly status: number;
  readonly bytes: ByteStream;
}

/** A request on its way to one provider. */
export interface Outgoing {
  readonly method: string;
  /** Below the provider's address. */
  readonly rest: string;
  /** With its `?`, or empty. */
  readonly query: string;
  readonly headers: Headers;
  readonly bytes: Buffer | null;
}

/** Asks a provider. Throws a CallFailure for what it refuses and for what does not reach it. */
export async function askUpstream(
  { base, transport, provider }: Upstream,
  sent: Outgoing,
  call: Call,
): Promise<Answer> {
  const { method, headers, bytes } = sent;
  const target = targetOf(base, sent.rest, sent.query);
  const url = base.origin + base.pathname;
  const { value } = await transport.stream<Answer>(
    {
      model: idOf(provider),
      url,
      upstream: url,
      endpoint: '',
      headers: {},
      body: '',
      passed: { method, target, headers, bytes },
      // Whether asking twice does harm is for the client to know; where the transport is told to, it asks again.
      replaySafe: true,
      read: (stream, { status }) => ({ status, bytes: stream as ByteStream }),
    },
    call,
  );
  return value;
}

/** A GET of the platform's own, with the provider's key and headers. Throws as {@link askUpstream} does, and HttpError. */
export function askProvider(
  upstreams: Upstreams,
  provider: Entity,
  rest: string,
  signal: AbortSignal,
): Promise<Answer> {
  const headers = {
    accept: 'application/json',
    'user-agent': 'ngym',
    ...providerHeaders(provider.data),
    ...upstreams.auth(provider),
  };
  return askUpstream(
    upstreams.of(provider),
    { method: 'GET', rest, query: '', headers, bytes: null },
    detached(signal),
  );
}

/** The call of a client's request: it ends when the client hangs up. */
export function callOf({ signal, cancel, rolloutId }: Exchange): Call {
  return { ...detached(signal), cancel, episodeId: rolloutId ?? 'gateway' };
}

function detached(signal: AbortSignal): Call {
  return {
    signal,
    deadline: null,
    episodeId: 'platform',
    rolloutIndex: 0,
    attempts: [],
    onPhase: () => undefined,
    quiet: true,
  };
}
