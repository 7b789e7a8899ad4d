import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** A connection was closed because its request is no longer wanted. */
class Unwanted extends Error {
  readonly code = 'UND_ERR_SOCKET';
}

/**
 * Makes connections that end with a request that is given up. undici alone would take such a request back into its queue
 * when the connection is gone, connect anew for it, and only then see that nobody wants it: a thousand clients that
 * hang up would be a thousand new connections. It tells that end by the code of an informational error, so it is given
 * another.
 */
export function endingConnector(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error === null && socket !== null) tellTruly(socket);
      callback(...result);
    });
  };
}

function tellTruly(socket: Socket): void {
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error?: Error & { code?: string }) =>
    destroy(error?.code === 'UND_ERR_INFO' && error.message === 'aborted' ? new Unwanted('aborted') : error);
}
