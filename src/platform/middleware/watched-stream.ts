import {
  encodeSse,
  isObject,
  sseDecoder,
  type Json,
  type JsonObject,
  type MiddlewareRequest,
  type ReplyStream,
  type SseDecoder,
  type SseEvent,
  type StreamSink,
  type WireDialect,
} from '../../protocol/index.js';
import type { Link } from './chains.js';
import { StreamUsage, type TokenCount } from './usage-of.js';

export interface WatchedOptions {
  readonly dialect: WireDialect | null;
  /** Of a response chain. */
  readonly links: readonly Link[];
  readonly asked: MiddlewareRequest;
  /** The client did not ask for the chunk with the usage: it is left out. */
  readonly hidesUsage: boolean;
  /** What the client gets is kept, as far as it is not too long. */
  readonly keepsText: boolean;
  readonly onError: (error: Error) => void;
}

/** Unit: UTF-16 code units. */
const MAX_KEPT = 4 * 1024 * 1024;

/** A stream on its way through a response chain: passed on as it is where nothing changes events. */
export class WatchedStream implements ReplyStream {
  private readonly seen: StreamUsage | null;
  private readonly changes: boolean;
  private more = true;
  private broken = false;
  private kept: string[] | null;
  private keptLength = 0;

  constructor(
    private readonly inner: ReplyStream,
    private readonly options: WatchedOptions,
  ) {
    this.seen = options.dialect === null ? null : new StreamUsage(options.dialect);
    this.kept = options.keepsText ? [] : null;
    this.changes = options.hidesUsage || options.links.some(({ hooks }) => hooks.event !== undefined);
  }

  get complete(): boolean {
    return this.seen?.complete ?? true;
  }

  get usage(): TokenCount | null {
    return this.seen?.usage ?? null;
  }

  /** What the client got; null where it was not to be kept, or is too long. */
  get text(): string | null {
    return this.broken ? null : (this.kept?.join('') ?? null);
  }

  flow(given: StreamSink): void {
    const sink: StreamSink = this.kept === null ? given : this.keeping(given);
    const decoder = sseDecoder((event) => this.take(event, sink));
    this.inner.flow({
      write: (piece) => this.pass(piece, decoder, sink),
      end: () => {
        if (!this.broken) this.read(() => decoder.end(), sink);
        sink.end();
      },
    });
  }

  resume(): void {
    this.inner.resume();
  }

  abort(): void {
    this.inner.abort();
  }

  private keeping(sink: StreamSink): StreamSink {
    const decoder = new TextDecoder();
    return {
      write: (piece) => {
        const text = typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
        this.keptLength += text.length;
        if (this.keptLength > MAX_KEPT) this.kept = null;
        this.kept?.push(text);
        return sink.write(piece);
      },
      end: () => sink.end(),
    };
  }

  private pass(piece: string | Uint8Array, decoder: SseDecoder, sink: StreamSink): boolean {
    if (this.broken) return false;
    this.more = true;
    this.read(() => decoder.push(typeof piece === 'string' ? Buffer.from(piece) : piece), sink);
    return this.changes ? this.more : sink.write(piece);
  }

  /** What goes wrong in here cuts the stream: it must not look whole. */
  private read(act: () => void, sink: StreamSink): void {
    try {
      act();
    } catch (error) {
      this.broken = true;
      if (this.seen !== null) this.seen.complete = false;
      this.options.onError(error instanceof Error ? error : new Error(String(error)));
      this.inner.abort();
      const message = 'The stream was ended by a middleware that failed';
      sink.write(
        encodeSse({ event: 'error', data: JSON.stringify({ error: { message, type: 'server_error' } }) }),
      );
      sink.end();
    }
  }

  private take(event: SseEvent, sink: StreamSink): void {
    const data = parsed(event.data);
    if (data !== null) this.seen?.see(data);
    if (!this.changes) return;
    if (data === null) this.write(event, sink);
    else {
      const changed = this.changed(data);
      if (changed !== null) this.write({ ...event, data: JSON.stringify(changed) }, sink);
    }
  }

  private write(event: SseEvent, sink: StreamSink): void {
    if (!sink.write(encodeSse(event))) this.more = false;
  }

  private changed(data: JsonObject): JsonObject | null {
    if (this.options.hidesUsage && isUsageChunk(data)) return null;
    let value = data;
    for (const { hooks } of this.options.links) {
      const result = hooks.event?.(value, this.options.asked);
      if (result === null) return null;
      if (isObject(result)) value = result;
    }
    return value;
  }
}

/** A chunk of Chat that has the usage and nothing else. */
function isUsageChunk({ usage, choices }: JsonObject): boolean {
  return isObject(usage) && Array.isArray(choices) && choices.length === 0;
}

function parsed(text: string): JsonObject | null {
  if (!text.startsWith('{')) return null;
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
