import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { errors } from '../errors/index.js';
import type { Hosted, HostServers } from '../graph/index.js';
import { definitionOf, isForeign } from '../graph/index.js';
import type { Json, JsonObject } from '../protocol/index.js';
import { isObject } from '../protocol/index.js';
import { createRedactor, systemClock } from '../transport/index.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** What every row has, whatever the environment. */
const ROW: JsonObject = {
  type: 'object',
  description: 'What the model is asked: a Responses request',
  properties: { input: {} },
  required: ['input'],
};

/** The keys of the task, with those of every row. */
function whole(name: string, schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return {
    $schema: DIALECT,
    title: `A row of ${name}`,
    ...schema,
    type: 'object',
    properties: { responses_create_params: ROW, ...properties },
    required: [...new Set<Json>(['responses_create_params', ...required])],
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** The schema of the body of `/verify` in an OpenAPI description, without the reply that comes with the row. */
function fromOpenApi(description: JsonObject): JsonObject | undefined {
  const at = (value: Json | undefined, ...keys: string[]): Json | undefined =>
    keys.reduce<Json | undefined>((here, key) => (isObject(here) ? here[key] : undefined), value);
  const body = at(
    description,
    'paths',
    '/verify',
    'post',
    'requestBody',
    'content',
    'application/json',
    'schema',
  );
  const name = /^#\/components\/schemas\/(.+)$/.exec(textOf(at(body, '$ref')))?.[1];
  const all = at(description, 'components', 'schemas');
  const schema = name === undefined ? body : at(all, name);
  if (!isObject(schema) || !isObject(schema['properties'])) return undefined;
  const without = (key: string): boolean => key !== 'response' && key !== 'responses_create_params';
  const properties = Object.fromEntries(Object.entries(schema['properties']).filter(([key]) => without(key)));
  const required = Array.isArray(schema['required'])
    ? schema['required'].filter((key) => without(textOf(key)))
    : [];
  const text = JSON.stringify({ ...schema, properties, required });
  const used = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as JsonObject;
  return text.includes('#/components/schemas/')
    ? {
        ...used,
        $defs: JSON.parse(JSON.stringify(all).replaceAll('#/components/schemas/', '#/$defs/')) as JsonObject,
      }
    : used;
}

async function asked(hosted: Hosted, name: string): Promise<JsonObject | undefined> {
  const url = hosted.resolved.servers.find((server) => server.name === name)?.started?.[0];
  const reply = await fetch(`${url}/openapi.json`).catch(() => undefined);
  if (reply?.ok !== true) return undefined;
  const description: unknown = await reply.json().catch(() => null);
  return isObject(description) ? fromOpenApi(description) : undefined;
}

export interface SchemaOptions {
  /** Starts programs. */
  host: HostServers;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/**
 * JSON Schema of the rows of an environment: of what its definition says, or of what its started program says of itself
 * (OpenAPI). Throws NgError where neither says anything.
 */
export async function environmentSchema(
  resolved: ResolvedConfig,
  server: ServerInstance,
  { host, env, cwd }: SchemaOptions,
): Promise<JsonObject> {
  if (!isForeign(server, resolved)) {
    const definition = await definitionOf(resolved, server);
    const schema = definition?.rowSchema?.();
    if (schema === undefined) throw errors.rowSchemaUnknown(server.name);
    return whole(server.name, schema);
  }
  const logs = mkdtempSync(path.join(tmpdir(), 'ngym-schema-'));
  const redactor = createRedactor(resolved.namedSecrets());
  const services = { clock: systemClock, random: Math.random, redactor, logs, env, cwd };
  const hosted = await host(resolved, [server.name], services);
  try {
    const schema = await asked(hosted, server.name);
    if (schema === undefined) throw errors.rowSchemaUnknown(server.name);
    return whole(server.name, schema);
  } finally {
    await hosted.close(0);
    rmSync(logs, { recursive: true, force: true });
  }
}
