import type { Json, JsonObject } from '../../protocol/index.js';
import type { Fields } from '../schema/index.js';
import type { Endpoint } from './router.js';

/** The OpenAPI 3.1 description of a platform, made of its endpoints and of the schemas that read their bodies and queries. */
export function openApiOf(endpoints: readonly Endpoint[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const endpoint of endpoints) {
    const operations = (paths[endpoint.path] ??= {});
    operations[endpoint.method.toLowerCase()] = operation(endpoint);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'ngym platform', version },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: ERROR },
    },
    security: [{}, { token: [] }],
  };
}

const ERROR: JsonObject = {
  type: 'object',
  properties: {
    detail: {
      description: 'What is wrong: a text, or one entry for each fault',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }],
    },
  },
};
const TOLD: JsonObject = {
  'application/json': { schema: { $ref: '#/components/schemas/Error' } },
};

function operation({ method, path, query, filters, body, status = 200 }: Endpoint): JsonObject {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    parameter(name!, 'path', { type: 'string' }, true),
  );
  const asked = Object.entries(query ?? {}).map(([name, field]) => queryParameter(name, field));
  const filter = filters === undefined ? [] : [parameter('filter', 'query', filterSchema(filters), false)];
  const parameters = [...named, ...asked, ...filter];
  const readsInput = body !== undefined || parameters.length > 0;
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '')}`,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body.schema ?? {} } } },
    }),
    responses: {
      [String(status)]: {
        description: 'Done',
        ...(status !== 204 && { content: { 'application/json': { schema: {} } } }),
      },
      ...(readsInput && { '422': { description: 'What was sent does not fit', content: TOLD } }),
      default: { description: 'It was not done', content: TOLD },
    },
  };
}

function queryParameter(name: string, { kind, fallback }: Fields[string]): JsonObject {
  const otherwise = fallback?.() ?? null;
  const schema = { ...kind.schema, ...(otherwise !== null && { default: otherwise }) };
  return parameter(name, 'query', schema, fallback === undefined);
}

function parameter(name: string, where: string, schema: Json, required: boolean): JsonObject {
  return { name, in: where, required, schema };
}

function filterSchema(names: readonly string[]): JsonObject {
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  return { type: 'object', properties, description: 'JSON, filter[key]=value, or key comparisons' };
}
