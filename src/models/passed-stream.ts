import type { ReplyStream, StreamSink, WireDialect } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { ByteStream } from '../transport/index.js';
import type { Exchange } from '../translate/index.js';
import { EndWatch } from './end-watch.js';

/** An event that is not complete after so much ends the stream. Unit: bytes. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * A stream between a client and a provider of the same dialect: its bytes are passed on as they are, whole events
 * at a time. One that is cut is ended with the failure event of its dialect, never left looking complete.
 */
export class PassedStream implements ReplyStream {
  readonly #watch: EndWatch;
  /** The beginning of an event whose end has not come. */
  #rest: Buffer | undefined;

  constructor(
    private readonly bytes: ByteStream,
    dialect: WireDialect,
    private readonly exchange: Exchange,
  ) {
    this.#watch = new EndWatch(dialect);
  }

  flow(sink: StreamSink): void {
    this.bytes.flow({
      chunk: (bytes) => this.#pass(bytes, sink),
      end: () => {
        if (this.#rest !== undefined) this.#pass(EVENT_END, sink);
        if (this.#watch.complete) {
          if (this.#watch.marker !== null) sink.write(this.#watch.marker);
          sink.end();
        } else this.#fail(new CallFailure('connection_reset', CUT, { retryable: true }), sink);
      },
      fail: (failure) => this.#fail(failure, sink),
    });
  }

  resume(): void {
    this.bytes.resume();
  }

  abort(): void {
    this.bytes.abort();
  }

  #pass(bytes: Buffer, sink: StreamSink): boolean {
    const chunk = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes]);
    const cut = endOfEvents(chunk);
    this.#rest = cut === chunk.length ? undefined : chunk.subarray(cut);
    if (this.#rest !== undefined && this.#rest.length > MAX_EVENT_BYTES) {
      this.bytes.abort();
      this.#fail(
        new CallFailure('oversized_reply', `an event is larger than ${MAX_EVENT_BYTES} bytes`),
        sink,
      );
      return false;
    }
    if (cut === 0) return true;
    const whole = cut === chunk.length ? chunk : chunk.subarray(0, cut);
    this.#watch.see(whole);
    return sink.write(whole);
  }

  #fail(failure: CallFailure, sink: StreamSink): void {
    const translation = this.exchange.stream((text) => sink.write(text));
    if (!this.#watch.complete) translation.fail(failure);
    sink.end();
  }
}

const CUT = 'the provider ended the stream before the reply was complete';
const EVENT_END = Buffer.from('\n\n');

/** Where the last complete event ends: after its blank line. 0 when there is none. */
function endOfEvents(chunk: Buffer): number {
  if (chunk.at(-1) === 0x0a && (chunk.at(-2) === 0x0a || chunk.subarray(-4).equals(CRLF_END))) {
    return chunk.length;
  }
  const plain = chunk.lastIndexOf('\n\n');
  const carriage = chunk.lastIndexOf(CRLF_END);
  return Math.max(plain === -1 ? 0 : plain + 2, carriage === -1 ? 0 : carriage + 4);
}

const CRLF_END = Buffer.from('\r\n\r\n');
