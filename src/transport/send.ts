import type { Dispatcher } from 'undici';
import type { Call, HeaderFields } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { Decoder } from './content-encoding.js';
import { decoderFor } from './content-encoding.js';
import { networkFailure } from './network-failure.js';
import type { Pools } from './pool.js';
import { MAX_REDIRECTS, redirectTarget } from './redirect.js';
import type { Timeouts } from './timeouts.js';

/** A request as bytes on the wire. */
export interface RawRequest {
  url: string;
  method: 'POST' | 'GET';
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface RawReply {
  status: number;
  headers: HeaderFields;
  text: string;
}

export interface SendOptions {
  pools: Pools;
  timeouts: Timeouts;
  /** Largest reply that is read, in bytes. */
  maxReplyBytes: number;
}

/** What may watch the pieces of a reply as they come (streams). Returning false ends the reading. */
export interface Watcher {
  onHeaders?(status: number, headers: HeaderFields): void;
  /** Given for 2xx replies instead of collecting the text. */
  onChunk?(chunk: Buffer): void;
}

/**
 * One attempt: sends, follows redirects on the same host, and collects the reply. Throws a CallFailure for every fault
 * of the network, and the signal's reason when it is aborted. The socket of an aborted attempt is closed, never reused.
 */
export async function send(
  request: RawRequest,
  call: Call,
  signal: AbortSignal,
  options: SendOptions,
  watcher: Watcher = {},
): Promise<RawReply> {
  let reply = await sendOnce(request, call, signal, options, watcher);
  for (let hops = 0; hops < MAX_REDIRECTS; hops += 1) {
    const url = redirectTarget(request, reply.status, reply.headers);
    if (url === undefined) break;
    request = { ...request, url };
    reply = await sendOnce(request, call, signal, options, watcher);
  }
  return reply;
}

async function sendOnce(
  request: RawRequest,
  call: Call,
  signal: AbortSignal,
  options: SendOptions,
  watcher: Watcher,
): Promise<RawReply> {
  const { origin, pathname, search } = new URL(request.url);
  const pool = await options.pools.get(origin);
  signal.throwIfAborted();
  // On a connection that is open the next phase follows at once; asking the pool which it is costs a walk over all.
  call.onPhase('connecting', origin);
  return new Promise((resolve, reject) => {
    const attempt = new AttemptHandler(
      request.url,
      call,
      options.maxReplyBytes,
      watcher,
      signal,
      resolve,
      reject,
    );
    pool.dispatch(
      {
        path: pathname + search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: options.timeouts.firstByteMs,
        bodyTimeout: options.timeouts.idleMs,
      },
      attempt,
    );
  });
}

class AttemptHandler implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: HeaderFields = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #sent = false;
  #done = false;
  #decoder: Decoder | undefined;

  constructor(
    readonly url: string,
    readonly call: Call,
    readonly maxBytes: number,
    readonly watcher: Watcher,
    readonly signal: AbortSignal,
    readonly resolve: (reply: RawReply) => void,
    readonly reject: (reason: unknown) => void,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.#fail(this.signal.reason);
  };

  /** The connection is there and the request is being written: from here on it may have arrived. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent = true;
    if (this.#done) controller.abort(new Error('no longer wanted'));
    else this.call.onPhase('awaiting_first_byte', this.url);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderFields): void {
    if (this.#done || status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.call.onPhase('receiving', this.url);
    this.watcher.onHeaders?.(status, headers);
    const announced = Number(headers['content-length']);
    if (announced > this.maxBytes) this.#tooLarge();
    else this.#decode(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return;
    if (this.#decoder === undefined) this.#take(chunk);
    else this.#decoder.write(chunk);
  }

  onResponseEnd(): void {
    if (this.#done) return;
    if (this.#decoder === undefined) this.#complete();
    else this.#decoder.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#done) return;
    this.#finish();
    this.reject(networkFailure(error, this.url, { sent: this.#sent, status: this.#status }));
  }

  #decode(headers: HeaderFields): void {
    try {
      this.#decoder = decoderFor(headers, this.url, {
        chunk: (bytes) => this.#take(bytes),
        end: () => this.#complete(),
        fail: (failure) => this.#fail(failure),
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(chunk: Buffer): void {
    if (this.#done) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.maxBytes) this.#tooLarge();
    else if (this.watcher.onChunk !== undefined && this.#status < 300) this.#watch(chunk);
    else this.#chunks.push(chunk);
  }

  #complete(): void {
    if (this.#done) return;
    this.#finish();
    const text =
      this.#chunks.length === 1 ? this.#chunks[0]!.toString() : Buffer.concat(this.#chunks).toString();
    this.resolve({ status: this.#status, headers: this.#headers, text });
  }

  #watch(chunk: Buffer): void {
    try {
      this.watcher.onChunk?.(chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  #tooLarge(): void {
    const text = `${this.url}: the reply is larger than ${this.maxBytes} bytes`;
    this.#fail(new CallFailure('oversized_reply', text, { status: this.#status, retryable: false }));
  }

  #fail(reason: unknown): void {
    if (this.#done) return;
    this.#finish();
    this.#controller?.abort(new Error('no longer wanted'));
    this.reject(reason);
  }

  #finish(): void {
    this.#done = true;
    this.#decoder?.destroy();
    this.signal.removeEventListener('abort', this.#onAbort);
  }
}
