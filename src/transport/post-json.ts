import type { Clock } from '../protocol/index.js';
import { httpFailure } from './http-failure.js';
import { replyJson } from './reply-json.js';
import type { SendOptions } from './send.js';
import { send } from './send.js';
import type { Exchange } from './wire.js';

/** The innermost exchange: one POST over a pool, read as JSON; every fault becomes a typed failure. */
export function postJson(options: SendOptions & { clock: Clock }): Exchange {
  return async (request, call) => {
    const reply = await send(
      {
        url: request.url,
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json', ...request.headers },
        body: request.body,
      },
      call,
      call.signal,
      options,
    );
    const receivedAt = options.clock.now();
    if (reply.status < 200 || reply.status >= 300) throw httpFailure(reply, request.url, receivedAt);
    const info = { ...reply, receivedAt };
    const value =
      request.readText?.(reply.text) ?? request.read(replyJson(reply.text, request.url, reply.status), info);
    return { ...info, value };
  };
}
