import { randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import { readQuery, type Call, type Endpoint } from '../http/index.js';
import { pageFields } from '../listing/index.js';
import { Conflict, type Entity } from '../registry/index.js';
import {
  anything,
  boolean,
  Faults,
  list,
  map,
  nullable,
  object,
  oneOf,
  optional,
  required,
  text,
} from '../schema/index.js';
import { listOf, showOne, type Collection } from './collection.js';
import { CHAINS, UnfitEntry } from '../middleware/index.js';
import { BACKEND_FORMATS } from './model-schema.js';
import {
  bodyOf,
  created,
  make,
  nameField,
  needPlace,
  NO_BODY,
  refuse,
  versionQuery,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/inference-gateway/v2/workspaces/{workspace}/virtual-models';
/** Without tokens nobody is told apart: all is made by the platform. */
const PLATFORM = 'service:platform';

const CALL = object(
  {
    name: required(text()),
    config_type: required(text()),
    config: optional(nullable(map(anything))),
    config_id: optional(nullable(text())),
  },
  {
    rule: ({ config, config_id: id }) =>
      (config === null) === (id === null) ? 'Exactly one of config or config_id must be provided' : null,
  },
);
const INFERENCE = object({
  model: required(text()),
  backend_format: optional(nullable(oneOf(BACKEND_FORMATS))),
});
const FIELDS = {
  default_model_entity: optional(nullable(text())),
  autoprovisioned: optional(boolean, false),
  models: optional(list(INFERENCE), []),
  ...Object.fromEntries(CHAINS.map((chain) => [chain, optional(list(CALL), [])])),
  override_proxy: optional(nullable(text())),
};
const CREATE = object({ ...FIELDS, name: required(text()) });
const UPDATE = object(FIELDS);
const LIST = {
  ...pageFields(20, 200),
  sort: optional(text(), '-created_at'),
  exclude_autoprovisioned: optional(boolean, false),
};
const FILTERS = [
  'created_at',
  'default_model_entity',
  'guardrail_config',
  'id',
  'name',
  'project',
  'updated_at',
  'workspace',
];

function form({ id, name, workspace, createdAt, updatedAt, version, data }: Entity): JsonObject {
  const of = (key: string, none: Json = null): Json => data[key] ?? none;
  return {
    name,
    workspace,
    project: of('project'),
    default_model_entity: of('default_model_entity'),
    autoprovisioned: of('autoprovisioned', false),
    models: of('models', []),
    request_middleware: of('request_middleware', []),
    response_middleware: of('response_middleware', []),
    post_response_middleware: of('post_response_middleware', []),
    override_proxy: of('override_proxy'),
    guardrail_config_ids: [],
    id,
    created_at: createdAt,
    created_by: PLATFORM,
    updated_at: updatedAt,
    updated_by: PLATFORM,
    entity_id: id,
    parent: null,
    db_version: version,
  };
}

const VIRTUAL_MODELS: Collection = {
  kind: 'virtual-model',
  query: LIST,
  filters: FILTERS,
  form,
  absent: (workspace, name) => refuse(404, `VirtualModel '${name}' not found in workspace '${workspace}'.`),
};

export function virtualModelEndpoints(parts: ResourceParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  return [
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    { method: 'GET', path: ROOT, query: LIST, filters: FILTERS, handle: (call) => listAll(call, parts) },
    { method: 'GET', path: item, handle: (call) => showOne(call, parts, VIRTUAL_MODELS) },
    { method: 'PATCH', path: item, body: UPDATE, handle: (call) => update(call, parts) },
    { method: 'DELETE', path: item, query: versionQuery, status: 204, handle: (call) => remove(call, parts) },
    { method: 'GET', path: `${item}/usage`, handle: (call) => usage(call, parts) },
  ];
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { name: asked, ...data } = value as JsonObject & { name: string };
  const name = asked === '' ? `virtual-model-${randomBytes(4).toString('hex').slice(0, 5)}` : asked;
  const faults = new Faults();
  nameField.kind(name, ['body', 'name'], faults);
  faults.check();
  needPlace(parts, workspace, null);
  checkMiddleware(parts, data, `${workspace}/${name}`);
  const taken = `VirtualModel '${name}' already exists in workspace '${workspace}'.`;
  return created(form(await make(parts, 'virtual-model', workspace, name, data, taken)));
}

function listAll(call: Call, parts: ResourceParts): Reply {
  const own = ({ data }: Entity, asked: JsonObject): boolean =>
    asked['exclude_autoprovisioned'] !== true || data['autoprovisioned'] !== true;
  const { page, asked } = listOf(call, parts, VIRTUAL_MODELS, own);
  if (asked['exclude_autoprovisioned'] !== true) return json(page);
  return json({ ...page, filter: { 'data.autoprovisioned': { $eq: false } } });
}

async function update(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value, given } = await bodyOf(call, UPDATE, parts);
  if (parts.registry.get('virtual-model', workspace, name) === undefined)
    throw VIRTUAL_MODELS.absent(workspace, name);
  checkMiddleware(parts, value, `${workspace}/${name}`);
  const change = Object.fromEntries(Object.entries(value).filter(([key]) => given.has(key)));
  const changed = await parts.registry.update('virtual-model', workspace, name, (data) => ({
    ...data,
    ...change,
  }));
  if (changed === undefined) throw VIRTUAL_MODELS.absent(workspace, name);
  return json(form(changed));
}

/** Throws 422 for an entry of a chain that no middleware takes. */
function checkMiddleware({ plugins }: ResourceParts, data: JsonObject, of: string): void {
  try {
    plugins.check(data, of);
  } catch (error) {
    throw error instanceof UnfitEntry ? refuse(422, error.message) : error;
  }
}

/** What was used of it, by period: `total`, months and days of UTC. */
function usage({ params: { workspace = '', name = '' } }: Call, parts: ResourceParts): Reply {
  if (parts.registry.get('virtual-model', workspace, name) === undefined)
    throw VIRTUAL_MODELS.absent(workspace, name);
  const sums = Object.entries(parts.ledger.all(`${workspace}/${name}`));
  const data = sums.map(([period, { requests, failed, inputTokens, outputTokens, costUsd }]) => ({
    period,
    requests,
    failed,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost_usd: costUsd,
  }));
  return json({ virtual_model: `${workspace}/${name}`, data });
}

async function remove(
  { params: { workspace = '', name = '' }, query }: Call,
  parts: ResourceParts,
): Promise<Reply> {
  const { expected_db_version: expected } = readQuery(query, versionQuery) as {
    expected_db_version: number | null;
  };
  try {
    if (await parts.registry.remove('virtual-model', workspace, name, expected ?? undefined)) return NO_BODY;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    throw refuse(
      409,
      `VirtualModel '${name}' in workspace '${workspace}' was modified before it could be deleted.`,
    );
  }
  throw VIRTUAL_MODELS.absent(workspace, name);
}
