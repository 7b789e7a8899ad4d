import type { Exchange } from '../../serve/http/index.js';
import type { ReplyStream, StreamSink } from '../../protocol/index.js';
import type { ByteStream } from '../../transport/index.js';
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

/** A whole reply. Resolves with null when there is more than `limit` of it; throws what broke it. */
export function collect(bytes: ByteStream, limit: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    bytes.flow({
      chunk(chunk) {
        size += chunk.length;
        if (size > limit) {
          bytes.abort();
          resolve(null);
          return false;
        }
        chunks.push(chunk);
        return true;
      },
      end: () => resolve(Buffer.concat(chunks)),
      fail: reject,
    });
  });
}
