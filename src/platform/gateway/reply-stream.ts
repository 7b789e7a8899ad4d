import type { Exchange } from '../../serve/http/index.js';
import type { ReplyStream, StreamSink } from '../../protocol/index.js';
import type { ByteStream } from '../../transport/index.js';
import type { Headers } from './headers.js';
import { renameModel } from './rename-model.js';

/** More of one event is not kept back for its end: it is passed on as it is. Unit: bytes. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** A provider's bytes for a client, as they come. A reply that is cut is cut for the client too. */
export function passedBytes(bytes: ByteStream, exchange: Exchange): ReplyStream {
  return {
    flow(sink) {
      bytes.flow({
        chunk: (chunk) => sink.write(chunk),
        end: () => sink.end(),
        fail: () => cut(exchange, sink),
      });
    },
    resume: () => bytes.resume(),
    abort: () => bytes.abort(),
  };
}

/** The same for an event stream whose events name the model: each whole line is passed on with the other name. */
export function renamedEvents(
  bytes: ByteStream,
  exchange: Exchange,
  served: string,
  name: string,
): ReplyStream {
  let rest: Buffer = Buffer.alloc(0);
  const rename = (text: string): string => {
    const [, head = '', data = ''] = /^(data: ?)(.*)$/s.exec(text) ?? [];
    return head === '' ? text : head + renameModel(data, served, name);
  };
  const take = (chunk: Buffer): string | null => {
    const held = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = held.lastIndexOf(0x0a) + 1;
    if (end === 0 && held.length <= MAX_EVENT_BYTES) {
      rest = held;
      return null;
    }
    rest = Buffer.from(held.subarray(end === 0 ? held.length : end));
    const text = (end === 0 ? held : held.subarray(0, end)).toString();
    return text
      .split(/(?<=\n)/)
      .map(rename)
      .join('');
  };
  return {
    flow(sink) {
      bytes.flow({
        chunk(chunk) {
          const text = take(chunk);
          return text === null || sink.write(text);
        },
        end() {
          if (rest.length > 0) sink.write(rename(rest.toString()));
          sink.end();
        },
        fail: () => cut(exchange, sink),
      });
    },
    resume: () => bytes.resume(),
    abort: () => bytes.abort(),
  };
}

/** The client must see that it is not whole. */
function cut({ response }: Exchange, sink: StreamSink): void {
  response.destroy();
  sink.end();
}

/** Replies up to this length are sent in one piece, which is cheaper than as they come. Unit: bytes. */
const SHORT_BYTES = 64 * 1024;

/** True for a reply that says that it is short. */
export function isShort({ headers }: ByteStream): boolean {
  const length = Number(headers['content-length'] ?? NaN);
  return length <= SHORT_BYTES && headers['content-encoding'] === undefined;
}

/** A short reply, in one piece. One that is cut is cut for the client too. */
export async function sendWhole(
  bytes: ByteStream,
  { response, signal }: Exchange,
  { status, headers }: { status: number; headers: Headers },
): Promise<void> {
  const whole = await collect(bytes, SHORT_BYTES, signal).catch(() => null);
  if (whole === null) response.destroy();
  else {
    headers['content-length'] = String(whole.length);
    response.writeHead(status, headers);
    // As text of one byte for each character it goes out in one piece with the headers.
    response.end(whole.toString('latin1'), 'latin1');
  }
}

/**
 * A whole reply. Resolves with null when there is more than `limit` of it; throws what broke it, and the signal's reason
 * when it is aborted, which closes the connection.
 */
export function collect(bytes: ByteStream, limit: number, signal: AbortSignal): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const hangUp = (): void => {
      bytes.abort();
      reject(signal.reason as Error);
    };
    const done = (settle: () => void): void => {
      signal.removeEventListener('abort', hangUp);
      settle();
    };
    if (signal.aborted) {
      hangUp();
      return;
    }
    signal.addEventListener('abort', hangUp, { once: true });
    bytes.flow({
      chunk(chunk) {
        size += chunk.length;
        if (size > limit) {
          bytes.abort();
          done(() => resolve(null));
          return false;
        }
        chunks.push(chunk);
        return true;
      },
      end: () => done(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))),
      fail: (failure) => done(() => reject(failure)),
    });
  });
}
