import { CallFailure, type JsonObject, type Model, type WireDialect } from '../../protocol/index.js';
import { json, readObject, type Route } from '../http/index.js';
import { serverCall } from '../server-call.js';
import type { ServerContext } from '../server.js';
import { estimateTokens } from './estimate-tokens.js';

/** Says whether a count is the provider's own or an estimate. */
const SOURCE_HEADER = 'x-ngym-token-count';

/**
 * `POST /v1/messages/count_tokens` and `POST /v1/responses/input_tokens`: the provider's own count where it has a way
 * to ask for one, else an estimate, which a header tells.
 */
export function countRoutes(model: Model, context: ServerContext): Route[] {
  return [
    countRoute('messages', '/v1/messages/count_tokens', (count) => ({ input_tokens: count }), model, context),
    countRoute(
      'responses',
      '/v1/responses/input_tokens',
      (count) => ({ object: 'response.input_tokens', input_tokens: count }),
      model,
      context,
    ),
  ];
}

function countRoute(
  dialect: 'messages' | 'responses',
  path: string,
  answer: (count: number) => JsonObject,
  model: Model,
  context: ServerContext,
): Route {
  return {
    method: 'POST',
    path,
    summary: `Input tokens of a request in the ${dialect} dialect: counted by the provider, else estimated`,
    accepts: { type: 'object', required: [INPUT[dialect]] },
    returns: {
      type: 'object',
      required: ['input_tokens'],
      properties: { input_tokens: { type: 'integer' } },
    },
    async handle(exchange) {
      const body = await readObject(exchange.request, context.maxBodyBytes);
      requireInput(dialect, body);
      const counted = await model.countTokens?.(dialect, body, serverCall(exchange, 'served'));
      const source = typeof counted === 'number' ? 'provider' : 'estimate';
      const count = counted ?? estimateTokens(body);
      return { ...json(answer(count)), headers: { [SOURCE_HEADER]: source } };
    },
  };
}

const INPUT = { messages: 'messages', responses: 'input' } as const satisfies Partial<
  Record<WireDialect, string>
>;

function requireInput(dialect: 'messages' | 'responses', body: JsonObject): void {
  const key = INPUT[dialect];
  const value = body[key];
  if (Array.isArray(value) || (dialect === 'responses' && typeof value === 'string')) return;
  const kinds = dialect === 'responses' ? 'a text or a list' : 'a list';
  throw new CallFailure('bad_request', `${key}: must be ${kinds}`, { status: 400, retryable: false });
}
