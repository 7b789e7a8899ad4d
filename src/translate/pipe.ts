import { CallFailure, sseDecoder } from '../protocol/index.js';
import type { SseLimits } from '../protocol/index.js';
import type { Exchange } from './exchange.js';
import type { StreamTranslation } from './stream.js';

/** A failure of the byte source as one of ours; what is one already stays. */
function asFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  const message = error instanceof Error ? error.message : 'the connection failed';
  return new CallFailure('connection_reset', `the stream of the provider broke: ${message}`, {
    retryable: true,
    cause: error,
  });
}

/**
 * The whole way of a stream: bytes of the upstream in, text for the client out, as it comes. A failure of the
 * source ends the client's stream in its own dialect. When the consumer stops early (the client hung up), the
 * source's iterator is closed at once, which is where a transport aborts its request.
 *
 * @param onStream told of the translation, to ask about its outcome and usage
 */
export async function* pipeStream(
  source: AsyncIterable<Uint8Array>,
  exchange: Exchange,
  options: SseLimits & { onStream?: (stream: StreamTranslation) => void } = {},
): AsyncGenerator<string, void, undefined> {
  let pending = '';
  const stream = exchange.stream((text) => {
    pending += text;
  });
  options.onStream?.(stream);
  const take = (): string => {
    const text = pending;
    pending = '';
    return text;
  };
  const decoder = sseDecoder((event) => stream.push(event), options);
  try {
    for await (const bytes of source) {
      decoder.push(bytes);
      if (pending !== '') yield take();
    }
    decoder.end();
    stream.end();
  } catch (error) {
    stream.fail(asFailure(error));
  }
  if (pending !== '') yield take();
}
