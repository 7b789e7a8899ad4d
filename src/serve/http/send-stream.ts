import type { OutgoingHttpHeaders } from 'node:http';
import type { ReplyStream } from '../../protocol/index.js';
import type { Exchange } from './exchange.js';

/** A client that takes nothing for so long is given up. Unit: milliseconds. */
const STALLED_MS = 300_000;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  // Proxies that gather output would undo the streaming.
  'x-accel-buffering': 'no',
};

/**
 * Writes a stream to the client as it comes; resolves when it is over, however it ended. A slow client slows the
 * provider down instead of filling memory; one that hangs up closes the provider's connection. `head`: default, that of
 * an event stream.
 */
export function sendStream(
  stream: ReplyStream,
  exchange: Exchange,
  head: { status: number; headers: OutgoingHttpHeaders } = { status: 200, headers: HEADERS },
): Promise<void> {
  const { response, signal, headers } = exchange;
  return new Promise((resolve) => {
    let stalled: NodeJS.Timeout | undefined;
    const over = (): void => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', hangUp);
      resolve();
    };
    const hangUp = (): void => {
      stream.abort();
      response.destroy();
      over();
    };
    if (signal.aborted) {
      hangUp();
      return;
    }
    signal.addEventListener('abort', hangUp, { once: true });
    response.on('drain', () => {
      clearTimeout(stalled);
      stream.resume();
    });
    response.writeHead(head.status, { ...head.headers, ...headers });
    stream.flow({
      write(piece) {
        if (response.write(piece)) return true;
        clearTimeout(stalled);
        stalled = setTimeout(hangUp, STALLED_MS);
        return false;
      },
      end() {
        response.end();
        over();
      },
    });
    // The provider's first words may take long; the client is to know that its request was taken.
    response.flushHeaders();
  });
}
