import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import type { Call, Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import type { Entity } from '../registry/index.js';
import {
  anything,
  list,
  map,
  nullable,
  object,
  oneOf,
  optional,
  required,
  ruled,
  text,
} from '../schema/index.js';
import { templateFault } from './auth-template.js';
import { plainEndpoints, type Collection } from './collection.js';
import { NGC } from './secrets.js';
import {
  bodyOf,
  created,
  descriptionField,
  make,
  nameField,
  needPlace,
  pathName,
  projectField,
  refuse,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/models/v2/workspaces/{workspace}/providers';
const STATUSES = ['UNKNOWN', 'CREATED', 'PENDING', 'READY', 'ERROR', 'DELETING', 'DELETED', 'LOST'];

const statusFields = {
  status: optional(nullable(oneOf(STATUSES))),
  status_message: optional(nullable(text({ max: 1000 }))),
};
const idField = optional(nullable(text({ max: 255 })));
const headersField = optional(nullable(map(text())));
const bodyField = optional(nullable(map(anything)));
const template = ruled(text({ max: 1024 }), (value) => templateFault(value as string));
const WHOLE = {
  project: projectField,
  description: descriptionField,
  host_url: required(text({ max: 2048 })),
  api_key_secret_name: idField,
  enabled_models: optional(nullable(list(text()))),
  default_extra_body: bodyField,
  default_extra_headers: headersField,
  required_extra_body: bodyField,
  required_extra_headers: headersField,
  model_deployment_id: idField,
  ...statusFields,
  auth_header_format: optional(nullable(template)),
};
const CREATE = object({ name: nameField, ...WHOLE });
const UPSERT = object(WHOLE);
const SERVED = object({
  model_entity_id: required(text({ max: 255 })),
  served_model_name: required(text({ max: 255 })),
});
const STATUS = object({
  model_deployment_id: idField,
  served_models: optional(nullable(list(SERVED))),
  ...statusFields,
});
const LIST = {
  ...pageFields(100),
  sort: optional(oneOf(sortWords('name', 'created_at', 'updated_at', 'status')), 'created_at'),
};
const FILTERS = [
  'created_at',
  'description',
  'entity_type',
  'host_url',
  'id',
  'model_deployment_id',
  'name',
  'project',
  'status',
  'updated_at',
  'workspace',
];
export const NOBODY = {
  principal_id: '',
  principal_email: null,
  principal_groups: [],
  principal_on_behalf_of: null,
  principal_on_behalf_of_groups: null,
  principal_on_behalf_of_email: null,
};

/** NVIDIA's hosted models, as the reference makes it when it has a key. */
export const NVIDIA_BUILD = {
  name: 'nvidia-build',
  data: {
    description: 'NVIDIA Build',
    host_url: 'https://integrate.api.nvidia.com',
    api_key_secret_name: NGC.name,
    status: 'CREATED',
    status_message: 'Model provider created',
    served_models: [],
  },
};

function form({ id, name, workspace, createdAt, updatedAt, data }: Entity): JsonObject {
  const of = (key: string): Json => data[key] ?? null;
  return {
    id,
    name,
    workspace,
    project: of('project'),
    created_at: createdAt,
    updated_at: updatedAt,
    description: of('description'),
    host_url: of('host_url'),
    api_key_secret_name: of('api_key_secret_name'),
    served_models: data['served_models'] ?? [],
    enabled_models: of('enabled_models'),
    status: of('status'),
    status_message: data['status_message'] ?? '',
    default_extra_body: of('default_extra_body'),
    default_extra_headers: of('default_extra_headers'),
    required_extra_body: of('required_extra_body'),
    required_extra_headers: of('required_extra_headers'),
    model_deployment_id: of('model_deployment_id'),
    auth_context: { ...NOBODY },
    auth_header_format: of('auth_header_format'),
  };
}

const PROVIDERS: Collection = {
  kind: 'model-provider',
  query: LIST,
  filters: FILTERS,
  form,
  absent: (workspace, name) => refuse(404, `Model provider not found: ${workspace}/${name}`),
};

export function providerEndpoints(parts: ResourceParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  return [
    // A 405 names the method of the first endpoint of its path, as the reference's does.
    { method: 'PUT', path: item, body: UPSERT, handle: (call) => upsert(call, parts) },
    ...plainEndpoints(ROOT, parts, PROVIDERS),
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    { method: 'PUT', path: `${item}/status`, body: STATUS, handle: (call) => setStatus(call, parts) },
  ];
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { name, ...data } = value as JsonObject & { name: string };
  check(data, workspace, parts);
  return created(form(await makeProvider(workspace, name, data, parts)));
}

async function makeProvider(
  workspace: string,
  name: string,
  data: JsonObject,
  parts: ResourceParts,
): Promise<Entity> {
  needPlace(parts, workspace, data['project']);
  const status = data['status'] ?? 'CREATED';
  const message = data['status_message'] ?? (data['status'] === null ? 'Model provider created' : '');
  const taken = `Model provider with workspace '${workspace}' and name '${name}' already exists`;
  const whole = { ...data, status, status_message: message, served_models: [] };
  return await make(parts, 'model-provider', workspace, name, whole, taken);
}

async function upsert(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value } = await bodyOf(call, UPSERT, parts);
  check(value, workspace, parts);
  needPlace(parts, workspace, value['project']);
  const replaced = await parts.registry.update('model-provider', workspace, name, (before) => ({
    ...value,
    served_models: before['served_models'] ?? [],
    ...statusOf(value, before),
  }));
  return json(form(replaced ?? (await makeProvider(workspace, pathName(name), value, parts))));
}

async function setStatus(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value } = await bodyOf(call, STATUS, parts);
  const changed = await parts.registry.update('model-provider', workspace, name, (before) => ({
    ...before,
    ...(value['served_models'] !== null && { served_models: value['served_models'] }),
    ...(value['model_deployment_id'] !== null && { model_deployment_id: value['model_deployment_id'] }),
    ...statusOf(value, before),
  }));
  if (changed === undefined) throw refuse(404, `Model provider ${workspace}/${name} not found`);
  return json(form(changed));
}

/** A message goes with its status; alone it changes nothing. */
function statusOf(value: JsonObject, before: JsonObject): JsonObject {
  if (value['status'] === null) {
    return { status: before['status']!, status_message: before['status_message']! };
  }
  return { status: value['status']!, status_message: value['status_message'] ?? '' };
}

/** Throws 400 for headers that the platform sets itself, and for a secret that is not there. */
function check(data: JsonObject, workspace: string, { registry }: ResourceParts): void {
  for (const field of ['default_extra_headers', 'required_extra_headers']) {
    const names = Object.keys((data[field] ?? {}) as JsonObject).map((name) => name.toLowerCase());
    if (names.includes('authorization')) {
      throw refuse(
        400,
        `Authorization header is not allowed in ${field}. Use api_key_secret_name for authentication.`,
      );
    }
    if (names.includes('cookie')) throw refuse(400, `Cookie header is not allowed in ${field}.`);
  }
  const secret = data['api_key_secret_name'];
  if (typeof secret !== 'string' || secret === '') return;
  if (registry.get('secret', workspace, secret) === undefined) {
    throw refuse(400, `Secret '${secret}' not found in workspace '${workspace}'`);
  }
}
