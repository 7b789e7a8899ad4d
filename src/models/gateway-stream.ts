import type { ReplyStream, SseDecoder, StreamSink, WireDialect } from '../protocol/index.js';
import { CallFailure, header, isObject, sseDecoder } from '../protocol/index.js';
import type { Json } from '../protocol/index.js';
import type { ByteStream } from '../transport/index.js';
import type { Exchange, StreamTranslation } from '../translate/index.js';
import { wholeAsEvents } from '../translate/index.js';

/** A provider that answers a stream request with one JSON body: no more of it is kept. Unit: bytes. */
const MAX_WHOLE_BYTES = 64 * 1024 * 1024;

/** A provider's stream on its way to a client: decoded, translated and written event by event. */
export class GatewayStream implements ReplyStream {
  #more = true;

  constructor(
    private readonly bytes: ByteStream,
    private readonly upstream: WireDialect,
    private readonly exchange: Exchange,
  ) {}

  flow(sink: StreamSink): void {
    const translation = this.exchange.stream((text) => {
      this.#more = sink.write(text);
    });
    const type = header(this.bytes.headers, 'content-type') ?? '';
    if (/\bjson\b/i.test(type)) this.#flowWhole(translation, sink);
    else this.#flowEvents(translation, sink);
  }

  resume(): void {
    this.bytes.resume();
  }

  abort(): void {
    this.bytes.abort();
  }

  #flowEvents(translation: StreamTranslation, sink: StreamSink): void {
    const decoder = sseDecoder((event) => translation.push(event));
    this.bytes.flow({
      chunk: (bytes) => {
        this.#more = true;
        this.#decode(decoder, bytes, translation, sink);
        return this.#more;
      },
      end: () => {
        decoder.end();
        translation.end();
        sink.end();
      },
      fail: (failure) => {
        translation.fail(failure);
        sink.end();
      },
    });
  }

  /** An event that is too large ends the stream: there is no way to go on after it. */
  #decode(decoder: SseDecoder, bytes: Buffer, translation: StreamTranslation, sink: StreamSink): void {
    try {
      decoder.push(bytes);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.bytes.abort();
      translation.fail(error);
      sink.end();
    }
  }

  /** The provider did not stream: its reply is told as events all the same. */
  #flowWhole(translation: StreamTranslation, sink: StreamSink): void {
    const chunks: Buffer[] = [];
    let size = 0;
    this.bytes.flow({
      chunk: (bytes) => {
        size += bytes.length;
        if (size <= MAX_WHOLE_BYTES) chunks.push(bytes);
        return true;
      },
      end: () => {
        const reply = parse(Buffer.concat(chunks).toString());
        if (isObject(reply)) {
          for (const event of wholeAsEvents(this.upstream, reply)) translation.push(event);
          translation.end();
        } else translation.fail(new CallFailure('garbage_reply', 'the reply is neither a stream nor JSON'));
        sink.end();
      },
      fail: (failure) => {
        translation.fail(failure);
        sink.end();
      },
    });
  }
}

/** Events that are all there already. */
export function storedStream(pieces: readonly string[]): ReplyStream {
  return {
    flow(sink) {
      for (const piece of pieces) sink.write(piece);
      sink.end();
    },
    resume: () => undefined,
    abort: () => undefined,
  };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
