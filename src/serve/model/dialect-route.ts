import type { JsonObject, Model, WireDialect } from '../../protocol/index.js';
import { readObject, sendStream, type Route } from '../http/index.js';
import type { ServerContext } from '../server.js';
import { serverCall } from '../server-call.js';
import { wantsKnownUsage, withWholeUsage } from '../whole-usage.js';

/** Where each dialect is spoken. */
export const DIALECT_PATHS: Readonly<Record<WireDialect, string>> = {
  responses: '/v1/responses',
  chat: '/v1/chat/completions',
  messages: '/v1/messages',
};

/** What each dialect's requests and replies have in any case. */
const SHAPES: Readonly<Record<WireDialect, { request: string; reply: string }>> = {
  responses: { request: 'input', reply: 'output' },
  chat: { request: 'messages', reply: 'choices' },
  messages: { request: 'messages', reply: 'content' },
};

/** One dialect of a model server: a whole reply, or its events when the body has `stream: true`. */
export function dialectRoute(
  dialect: WireDialect,
  exchange: NonNullable<Model['exchange']>,
  context: ServerContext,
): Route {
  const { request, reply } = SHAPES[dialect];
  return {
    method: 'POST',
    path: DIALECT_PATHS[dialect],
    summary: `One reply in the ${dialect} dialect, whatever the provider speaks`,
    accepts: { type: 'object', required: [request], properties: { [request]: {} } },
    returns: { type: 'object', required: [reply], properties: { [reply]: { type: 'array' } } },
    streams: true,
    async handle(asked) {
      const body = await readObject(asked.request, context.maxBodyBytes);
      const call = serverCall(asked, 'served');
      const given = await exchange(dialect, withStream(dialect, body), call);
      const answer = dialect === 'responses' && !wantsKnownUsage(asked) ? withWholeUsage(given) : given;
      if ('text' in answer) return { status: 200, body: answer.text };
      await sendStream(answer.stream, asked);
      return undefined;
    },
  };
}

/** As the reference: any true-like `stream` streams, but a Chat client has to say `true`. */
function withStream(dialect: WireDialect, body: JsonObject): JsonObject {
  const { stream } = body;
  if (dialect === 'chat' || stream === undefined || typeof stream === 'boolean') return body;
  return { ...body, stream: Boolean(stream) };
}
