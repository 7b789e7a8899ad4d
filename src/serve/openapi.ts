import type { Route } from './http/index.js';
import type { JsonObject } from '../protocol/index.js';

/** The OpenAPI 3.1 description of a server, made from its route table alone. */
export function openApi(title: string, routes: readonly Route[]): JsonObject {
  const paths: JsonObject = {};
  for (const route of routes) {
    const operations = (paths[route.path] ??= {}) as JsonObject;
    operations[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: ERROR },
    },
    security: [{}, { token: [] }],
  };
}

function operation(route: Route): JsonObject {
  const name = /\{(\w+)\}/.exec(route.path)?.[1];
  const returned: JsonObject = { 'application/json': { schema: route.returns ?? {} } };
  if (route.streams === true) returned['text/event-stream'] = { schema: { type: 'string' } };
  const error = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z0-9]+/g, '_')}`,
    summary: route.summary,
    ...(name !== undefined && {
      parameters: [{ name, in: 'path', required: true, schema: { type: 'string' } }],
    }),
    ...(route.method === 'POST' && {
      requestBody: { content: { 'application/json': { schema: route.accepts ?? {} } } },
    }),
    responses: {
      '200': { description: 'OK', content: returned },
      '4XX': { description: 'The request cannot be served', ...error },
      '5XX': { description: 'The work failed', ...error },
    },
  };
}

const ERROR: JsonObject = {
  type: 'object',
  properties: {
    detail: { description: 'What is wrong: a text, or the faults of a body one by one' },
    ng_failure: {
      type: 'object',
      properties: {
        kind: { type: 'string' },
        message: { type: 'string' },
        retryable: { type: 'boolean' },
      },
    },
  },
};
