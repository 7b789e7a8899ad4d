import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import { HttpError, json, type Reply } from '../../serve/http/index.js';
import { fit, readBody, readQuery, type Call, type Endpoint, type Given } from '../http/index.js';
import { pageFields, pageOf } from '../listing/index.js';
import type { Entity } from '../registry/index.js';
import { NAME, nullable, object, optional, required, text, type Kind } from '../schema/index.js';
import {
  created,
  given,
  listedWorkspace,
  make,
  needPlace,
  NO_BODY,
  refuse,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/secrets/v2/workspaces/{workspace}/secrets';
/** Made by the platform from its own key; users cannot change it. */
export const NGC = { workspace: 'system', name: 'ngc-api-key' };
const HIDDEN = '**********';
const SECRET_KEYS = ['value', 'data'];

const EMPTY = 'Secret value cannot be empty';
const CREATE = object(
  {
    name: required(text({ max: 63, pattern: NAME })),
    description: optional(nullable(text())),
    value: required(text()),
  },
  { rule: ({ value }) => (value === '' ? EMPTY : null) },
);
const UPDATE = object(
  { description: optional(nullable(text())), value: optional(nullable(text())) },
  { rule: ({ value }) => (value === '' ? EMPTY : null) },
);
const LIST = pageFields(10);

function form({ workspace, name, createdAt, updatedAt, data }: Entity): JsonObject {
  return {
    name,
    workspace,
    description: data['description'] ?? null,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

export function secretEndpoints(parts: ResourceParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  return [
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    { method: 'GET', path: ROOT, query: LIST, handle: (call) => list(call, parts) },
    { method: 'GET', path: item, handle: ({ params }) => json(form(find(parts, params))) },
    { method: 'PATCH', path: item, body: UPDATE, handle: (call) => update(call, parts) },
    { method: 'DELETE', path: item, status: 204, handle: (call) => remove(call, parts) },
    { method: 'GET', path: `${item}/access`, handle: ({ params }) => access(parts, params) },
    {
      method: 'POST',
      path: '/apis/secrets/v2/rotate-encryption-keys',
      status: 202,
      handle: async () =>
        json({ rotated_secrets: await parts.vault.rotate(parts.registry), success: true }, 202),
    },
  ];
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value: body } = await readSecret(call, CREATE, parts);
  const { name, description, value } = body as { name: string; description: string | null; value: string };
  keepNgc(workspace, name, 'overwrite');
  needPlace(parts, workspace, null);
  const data = { description, sealed: parts.vault.seal(value, workspace, name) };
  return created(
    form(await make(parts, 'secret', workspace, name, data, `Secret '${workspace}/${name}' already exists`)),
  );
}

function list({ params, query }: Call, parts: ResourceParts): Reply {
  const { page, page_size: size } = readQuery(query, LIST) as { page: number; page_size: number };
  const workspace = listedWorkspace(parts, params['workspace']!);
  return json({ ...pageOf(parts.registry.list('secret', workspace), page, size, form) });
}

async function update(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const change = await readSecret(call, UPDATE, parts);
  keepNgc(workspace, name, 'update');
  const { value, ...rest } = change.value as { value?: string | null };
  const changed = await parts.registry.update('secret', workspace, name, (data) => ({
    ...given({ value: rest, given: change.given }, data),
    ...(typeof value === 'string' && { sealed: parts.vault.seal(value, workspace, name) }),
  }));
  if (changed === undefined) throw absent(workspace, name);
  return json(form(changed));
}

async function remove({ params: { workspace = '', name = '' } }: Call, parts: ResourceParts): Promise<Reply> {
  keepNgc(workspace, name, 'delete');
  if (!(await parts.registry.remove('secret', workspace, name))) throw absent(workspace, name);
  return NO_BODY;
}

function access(parts: ResourceParts, params: Call['params']): Reply {
  const secret = find(parts, params);
  const { name, workspace } = secret;
  return json({ name, workspace, value: parts.vault.open(secret) });
}

function find({ registry }: ResourceParts, { workspace = '', name = '' }: Call['params']): Entity {
  const found = registry.get('secret', workspace, name);
  if (found === undefined) throw absent(workspace, name);
  return found;
}

function absent(workspace: string, name: string): HttpError {
  return refuse(404, `Secret ${workspace}/${name} not found`);
}

function keepNgc(workspace: string, name: string, verb: string): void {
  if (workspace !== NGC.workspace || name !== NGC.name) return;
  throw refuse(403, `Cannot ${verb} the default NGC API key secret`);
}

/** Older clients say `data` for `value`. What is wrong is told without the value. */
async function readSecret({ exchange }: Call, kind: Kind, parts: ResourceParts): Promise<Given> {
  let body = await readBody(exchange.request, parts.maxBodyBytes);
  if (isObject(body) && body['value'] === undefined && typeof body['data'] === 'string') {
    const { data, ...rest } = body;
    body = { ...rest, value: data };
  }
  try {
    return fit(body, kind);
  } catch (error) {
    if (!(error instanceof HttpError) || !isObject(error.body)) throw error;
    throw new HttpError(error.status, { detail: hidden(error.body['detail'] ?? null) }, error.headers);
  }
}

/** Values of secrets, wherever a fault shows what was sent. A body that is no object is shown not at all. */
function hidden(detail: Json): Json {
  if (!Array.isArray(detail)) return detail;
  return detail.map((fault) => {
    if (!isObject(fault)) return fault;
    const at = fault['loc'] as (string | number)[];
    const input = fault['input'] ?? null;
    const named = SECRET_KEYS.includes(String(at.at(-1)));
    if (named) return { ...fault, input: typeof input === 'string' ? HIDDEN : input };
    if (at.length === 1 && typeof input === 'string') return { ...fault, input: HIDDEN };
    if (!isObject(input)) return fault;
    const shown = Object.entries(input).map(([key, value]) => [
      key,
      SECRET_KEYS.includes(key) && typeof value === 'string' && value !== '' ? HIDDEN : value,
    ]);
    return { ...fault, input: Object.fromEntries(shown) as JsonObject };
  });
}
