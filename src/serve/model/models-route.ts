import type { Model } from '../../protocol/index.js';
import { json, type Route } from '../http/index.js';

/** `GET /v1/models`: the one model that answers here. `since` is in epoch milliseconds. */
export function modelsRoute(model: Model, since: number): Route {
  const entry = {
    id: model.modelId,
    object: 'model',
    created: Math.floor(since / 1000),
    owned_by: model.name,
  };
  return {
    method: 'GET',
    path: '/v1/models',
    summary: 'The configured model, which answers whatever model is asked for',
    returns: {
      type: 'object',
      required: ['object', 'data'],
      properties: { object: { const: 'list' }, data: { type: 'array' } },
    },
    handle: () => json({ object: 'list', data: [entry] }),
  };
}
