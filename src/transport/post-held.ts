import type { Call, Clock, Json } from '../protocol/index.js';
import { CallFailure, header, sseDecoder } from '../protocol/index.js';
import { replyJson } from './reply-json.js';
import { httpFailure } from './http-failure.js';
import type { SendOptions } from './send.js';
import { send } from './send.js';
import type { Exchange, WireRequest } from './wire.js';

/** Puts the events of a stream together to the whole reply that they tell. */
export interface StreamFold {
  /** Takes the data of one event. Throws a CallFailure for an error event or one that cannot be read. */
  push(data: string): void;
  /** Something of the answer has come. */
  readonly begun: boolean;
  /** The answer is whole; only an end mark or nothing may follow. */
  readonly complete: boolean;
  /** The whole reply; meaningful when complete. */
  whole(): Json;
}

/** How a request is asked as a stream that is held until it is whole. */
export interface Hold {
  /** JSON text that asks for a stream. */
  readonly body: string;
  fold(): StreamFold;
}

/** After a complete answer, the end of the stream is not waited for longer than this. */
const END_GRACE_MS = 2_000;

/**
 * Asks for a stream, but answers only with a whole reply: a stream that is cut, stalls or holds an error fails as
 * an attempt and can be asked again. After a stream that could not be read, the whole reply is asked for instead.
 */
export function postHeld(options: SendOptions & { clock: Clock }, whole: Exchange): Exchange {
  const garbled = new WeakSet<object>();
  return async (request, call) => {
    const { hold } = request;
    if (hold === undefined || garbled.has(request)) return whole(request, call);
    try {
      return await held(request, hold, call, options);
    } catch (error) {
      if (error instanceof CallFailure && error.kind === 'garbage_reply') garbled.add(request);
      throw error;
    }
  };
}

async function held<T>(
  request: WireRequest<T>,
  hold: Hold,
  call: Call,
  options: SendOptions & { clock: Clock },
): ReturnType<typeof answer<T>> {
  const reader = new HeldReader(hold.fold(), request.url, call, options.timeouts.firstTokenMs);
  try {
    const reply = await send(
      {
        url: request.url,
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...request.headers },
        body: hold.body,
      },
      call,
      reader.signal,
      options,
      reader,
    ).catch((error: unknown) => {
      if (reader.fold.complete && !call.signal.aborted) return { status: 200, headers: {}, text: '' };
      throw error;
    });
    const receivedAt = options.clock.now();
    if (reply.status < 200 || reply.status >= 300) throw httpFailure(reply, request.url, receivedAt);
    return await answer(request, reader.reply(), {
      status: reply.status,
      headers: reply.headers,
      receivedAt,
    });
  } finally {
    reader.close();
  }
}

function answer<T>(
  request: WireRequest<T>,
  text: string,
  more: {
    status: number;
    headers: Record<string, string | readonly string[] | undefined>;
    receivedAt: number;
  },
) {
  const info = { ...more, text };
  return Promise.resolve({ ...info, value: request.read(replyJson(text, request.url, more.status), info) });
}

/** Reads one stream and keeps its clocks. */
class HeldReader {
  readonly #controller = new AbortController();
  readonly #decoder = sseDecoder(({ data }) => this.fold.push(data));
  /** The pieces of a reply that is no stream although one was asked for. */
  readonly #plain: Buffer[] = [];
  #isStream = true;
  #firstToken: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(
    readonly fold: StreamFold,
    readonly url: string,
    readonly call: Call,
    firstTokenMs: number,
  ) {
    if (call.signal.aborted) this.#follow();
    call.signal.addEventListener('abort', this.#follow, { once: true });
    if (firstTokenMs > 0) this.#firstToken = setTimeout(() => this.#tooLate(firstTokenMs), firstTokenMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #follow = (): void => {
    this.#controller.abort(this.call.signal.reason);
  };

  onHeaders(_status: number, headers: Parameters<typeof header>[0]): void {
    this.#isStream = !/\b(json|html)\b/i.test(header(headers, 'content-type') ?? '');
  }

  onChunk(chunk: Buffer): void {
    if (this.#isStream) this.#decoder.push(chunk);
    else this.#plain.push(chunk);
    if (this.fold.begun || !this.#isStream) clearTimeout(this.#firstToken);
    if (this.fold.complete)
      this.#grace ??= setTimeout(() => this.#controller.abort(new Error('complete')), END_GRACE_MS);
  }

  /** The whole reply as JSON text. Throws for a stream that was cut. */
  reply(): string {
    if (!this.#isStream) return Buffer.concat(this.#plain).toString();
    this.#decoder.end();
    if (this.fold.complete) return JSON.stringify(this.fold.whole());
    const { origin } = new URL(this.url);
    throw new CallFailure('connection_reset', `${origin}: the stream ended before the answer was whole`, {
      status: 200,
      retryable: true,
    });
  }

  close(): void {
    clearTimeout(this.#firstToken);
    clearTimeout(this.#grace);
    this.call.signal.removeEventListener('abort', this.#follow);
  }

  #tooLate(limitMs: number): void {
    const { origin } = new URL(this.url);
    const text = `${origin}: no first token within ${limitMs / 1000} s (first_token_timeout_seconds)`;
    this.#controller.abort(new CallFailure('timeout_first_byte', text, { retryable: true }));
  }
}
