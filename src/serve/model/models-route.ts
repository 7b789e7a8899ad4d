import type { JsonObject, Model } from '../../protocol/index.js';
import { HttpError, json, type Exchange, type Route } from '../http/index.js';
import { speaksMessages } from './client-dialect.js';

/** `GET /v1/models` and `GET /v1/models/{model}`: the one model that answers here. `since` is in epoch milliseconds. */
export function modelsRoutes(model: Model, since: number): Route[] {
  const { modelId, name } = model;
  return [
    {
      method: 'GET',
      path: '/v1/models',
      summary: 'The configured model, which answers whatever model is asked for',
      returns: { type: 'object', required: ['data'], properties: { data: { type: 'array' } } },
      handle: (exchange) => json(listOf(entryFor(exchange, model, since), exchange)),
    },
    {
      method: 'GET',
      path: '/v1/models/{model}',
      summary: 'The configured model by its own name or by that of its block',
      returns: { type: 'object', required: ['id'], properties: { id: { const: modelId } } },
      handle(exchange) {
        if (exchange.segment !== modelId && exchange.segment !== name) throw unknownModel(exchange, modelId);
        return json(entryFor(exchange, model, since));
      },
    },
  ];
}

function entryFor(exchange: Exchange, { modelId, name }: Model, since: number): JsonObject {
  return speaksMessages(exchange)
    ? { type: 'model', id: modelId, display_name: modelId, created_at: new Date(since).toISOString() }
    : { id: modelId, object: 'model', created: Math.floor(since / 1000), owned_by: name };
}

function listOf(entry: JsonObject, exchange: Exchange): JsonObject {
  if (!speaksMessages(exchange)) return { object: 'list', data: [entry] };
  return { data: [entry], has_more: false, first_id: entry['id']!, last_id: entry['id']! };
}

function unknownModel({ segment }: Exchange, modelId: string): HttpError {
  const asked = JSON.stringify(segment.slice(0, 100));
  return new HttpError(404, {
    detail: `There is no model ${asked} here: ${JSON.stringify(modelId)} is, and answers under any name`,
  });
}
