import type { Model, ResponsesRequest } from '../../protocol/index.js';
import { json, readObject, unprocessable, type Route } from '../http/index.js';
import type { ServerContext } from '../server.js';
import { serverCall } from '../server-call.js';

export function responsesRoute(model: Model, context: ServerContext): Route {
  return {
    method: 'POST',
    path: '/v1/responses',
    summary: 'One reply in the Responses dialect',
    accepts: { type: 'object', required: ['input'], properties: { input: {} } },
    returns: { type: 'object', required: ['output'], properties: { output: { type: 'array' } } },
    async handle(exchange) {
      const body = await readObject(exchange.request, context.maxBodyBytes);
      if (body['input'] === undefined) throw unprocessable(['input'], 'Field required', 'missing');
      return json(await model.respond(body as unknown as ResponsesRequest, serverCall(exchange, 'served')));
    },
  };
}
