import type { Dispatcher } from 'undici';
import type { Call, Clock, HeaderFields } from '../protocol/index.js';
import type { CallFailure } from '../protocol/index.js';
import type { Decoder } from './content-encoding.js';
import { decoderFor } from './content-encoding.js';
import { httpFailure, RefusedReply } from './http-failure.js';
import { networkFailure } from './network-failure.js';
import { MAX_REDIRECTS, redirectTarget } from './redirect.js';
import type { SendOptions } from './send.js';
import { partsOf, type Exchange, type WireRequest } from './wire.js';

/** Takes the bytes of a reply. A `chunk` that returns false asks for a pause. Exactly one of the others comes, last. */
export interface ByteSink {
  chunk(bytes: Buffer): boolean;
  end(): void;
  fail(failure: CallFailure): void;
}

/** A reply whose headers have come and whose bytes wait to be taken. */
export interface ByteStream {
  readonly headers: HeaderFields;
  /** Starts it; once. */
  flow(sink: ByteSink): void;
  resume(): void;
  /** Closes the connection; nothing comes after. */
  abort(): void;
}

/** Error bodies are read no further. */
const MAX_ERROR_BYTES = 1024 * 1024;

/**
 * The innermost exchange of a stream: one POST, done when the headers of a 2xx reply have come. `read` gets the
 * {@link ByteStream}. Retries and limits around it end there; the stream's own failures go to its sink.
 */
export function openStream(options: SendOptions & { clock: Clock }): Exchange {
  return async (request, call) => {
    let opening = await open(request.url, request, call, options);
    for (let hops = 0; opening.redirect !== undefined && hops < MAX_REDIRECTS; hops += 1) {
      opening = await open(opening.redirect, request, call, options);
    }
    const stream = await opening.opened;
    const info = {
      status: opening.status,
      headers: stream.headers,
      text: '',
      receivedAt: options.clock.now(),
    };
    return { ...info, value: request.read(stream, info) };
  };
}

const STREAM_HEADERS = {
  accept: 'text/event-stream, application/json',
  'content-type': 'application/json',
};

/** Sends the request; done when it is known what became of it. */
async function open(
  url: string,
  { headers, body, passed }: Pick<WireRequest<unknown>, 'headers' | 'body' | 'passed'>,
  call: Call,
  options: SendOptions & { clock: Clock },
): Promise<Opening> {
  const { origin, pathname, search } = partsOf(url);
  const pool = await options.pools.get(origin);
  call.signal.throwIfAborted();
  call.onPhase('connecting', origin);
  const opening = new Opening(url, call, options.clock, passed !== undefined);
  const asked =
    passed === undefined
      ? { path: pathname + search, method: 'POST', headers: { ...STREAM_HEADERS, ...headers }, body }
      : {
          path: passed.target,
          method: passed.method,
          headers: { ...passed.headers },
          body: passed.bytes,
        };
  pool.dispatch(
    {
      ...asked,
      headersTimeout: options.timeouts.firstByteMs,
      bodyTimeout: options.timeouts.idleMs,
    },
    opening,
  );
  await opening.opened.catch(() => undefined);
  return opening;
}

/** One attempt: until the headers come it may still fail as a whole; from then on it is a stream. */
class Opening implements Dispatcher.DispatchHandler, ByteStream {
  readonly opened: Promise<ByteStream>;
  status = 0;
  /** Where the provider sent the request, if that may be followed. */
  redirect: string | undefined;
  headers: HeaderFields = {};
  #resolve!: (stream: ByteStream) => void;
  #reject!: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #sink: ByteSink | undefined;
  /** Chunks of an error body, or those that came before the stream was started. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #state: 'opening' | 'refused' | 'open' | 'over' = 'opening';
  #sent = false;
  #ending: (() => void) | undefined;
  #decoder: Decoder | undefined;

  constructor(
    private readonly url: string,
    private readonly call: Call,
    private readonly clock: Clock,
    private readonly passed: boolean,
  ) {
    this.opened = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent = true;
    if (this.#state === 'over') controller.abort(new Error('no longer wanted'));
    else this.call.onPhase('awaiting_first_byte', this.url);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HeaderFields): void {
    if (this.#state !== 'opening' || status < 200) return;
    this.status = status;
    this.headers = headers;
    this.call.onPhase('receiving', this.url);
    try {
      this.#decoder = decoderFor(headers, this.url, {
        chunk: (bytes) => this.#take(controller, bytes),
        end: () => this.#complete(),
        fail: (failure) => this.#cut(failure),
      });
    } catch (error) {
      controller.abort(new Error('no longer wanted'));
      this.#fail(error);
      return;
    }
    if (status >= (this.passed ? 400 : 300)) {
      this.#state = 'refused';
      this.redirect = redirectTarget({ url: this.url, method: 'POST' }, status, headers);
      return;
    }
    this.#state = 'open';
    this.#leaveSignal();
    controller.pause();
    this.#resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#decoder === undefined) this.#take(controller, chunk);
    else this.#decoder.write(chunk);
  }

  onResponseEnd(): void {
    if (this.#decoder === undefined) this.#complete();
    else this.#decoder.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#cut(networkFailure(error, this.url, { sent: this.#sent, status: this.status }));
  }

  #take(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state === 'over') return;
    if (this.#sink !== undefined) {
      if (this.#sink.chunk(chunk)) return;
      controller.pause();
      this.#decoder?.pause();
      return;
    }
    this.#heldBytes += chunk.length;
    if (this.#state === 'open' || this.#heldBytes <= MAX_ERROR_BYTES) this.#held.push(chunk);
  }

  #complete(): void {
    if (this.#state === 'refused') this.#refuse();
    else if (this.#state === 'open') this.#finish((sink) => sink.end());
  }

  #cut(failure: CallFailure): void {
    if (this.#state === 'over') return;
    if (this.#state === 'open') this.#finish((sink) => sink.fail(failure));
    else this.#fail(failure);
  }

  flow(sink: ByteSink): void {
    this.#sink = sink;
    let more = true;
    for (const chunk of this.#held.splice(0)) more = sink.chunk(chunk) && more;
    if (this.#ending !== undefined) this.#ending();
    else if (more) this.resume();
  }

  resume(): void {
    if (this.#state !== 'open') return;
    this.#decoder?.resume();
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#decoder?.destroy();
    this.#controller?.abort(new Error('no longer wanted'));
  }

  /** Ends the stream now, or as soon as somebody listens. */
  #finish(tell: (sink: ByteSink) => void): void {
    this.#state = 'over';
    if (this.#sink !== undefined) tell(this.#sink);
    else this.#ending = () => tell(this.#sink!);
  }

  #refuse(): void {
    const text = Buffer.concat(this.#held).toString();
    const reply = { status: this.status, headers: this.headers, text };
    const cause = this.passed ? new RefusedReply(reply) : undefined;
    this.#fail(httpFailure(reply, this.url, this.clock.now(), cause));
  }

  #fail(reason: unknown): void {
    this.#state = 'over';
    this.#leaveSignal();
    this.#reject(reason);
  }

  #leaveSignal(): void {
    this.call.signal.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    if (this.#state === 'over' || this.#state === 'open') return;
    this.#fail(this.call.signal.reason);
    this.#controller?.abort(new Error('no longer wanted'));
  };
}
