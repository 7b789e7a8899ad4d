import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type HttpError, type Reply } from '../../serve/http/index.js';
import type { Call, Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import { textOf, type Entity, type Registry } from '../registry/index.js';
import { boolean, integer, nullable, object, oneOf, optional, required, text } from '../schema/index.js';
import { plainEndpoints, type Collection } from './collection.js';
import { needFiles, needFileset } from './filesets.js';
import { FINETUNING_TYPES } from './model-schema.js';
import {
  bodyOf,
  created,
  descriptionField,
  given,
  make,
  nameField,
  needPlace,
  NO_BODY,
  refuse,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/models/v2/workspaces/{workspace}/adapters';
const NESTED = '/apis/models/v2/workspaces/{workspace}/models/{model_name}/adapters';
const KIND = 'adapter';

const FIELDS = {
  name: nameField,
  description: descriptionField,
  fileset: required(text()),
  finetuning_type: required(oneOf(FINETUNING_TYPES)),
  enabled: optional(boolean, true),
  lora_config: optional(
    nullable(object({ alpha: optional(nullable(integer())), rank: required(integer()) })),
  ),
};
const CREATE_NESTED = object(FIELDS);
const CREATE = object({ ...FIELDS, model: required(text({ max: 127 })) });
const UPDATE = object({
  description: descriptionField,
  enabled: optional(nullable(boolean)),
  fileset: optional(nullable(text())),
});

export function adapterForm({ name, workspace, createdAt, updatedAt, data }: Entity): JsonObject {
  const of = (key: string): Json => data[key] ?? null;
  return {
    name,
    workspace,
    description: of('description'),
    fileset: of('fileset'),
    finetuning_type: of('finetuning_type'),
    enabled: data['enabled'] ?? true,
    lora_config: of('lora_config'),
    model: of('model'),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

const ADAPTERS: Collection = {
  kind: KIND,
  query: {
    ...pageFields(100),
    sort: optional(oneOf(sortWords('created_at', 'updated_at', 'name', 'model', 'fileset')), 'created_at'),
  },
  filters: [
    'created_at',
    'description',
    'enabled',
    'entity_type',
    'fileset',
    'finetuning_type',
    'id',
    'model',
    'name',
    'updated_at',
  ],
  form: adapterForm,
  absent: (workspace, name) => refuse(404, `Adapter '${name}' not found in workspace '${workspace}'`),
};

/** Small changes to a model that a server loads beside it. Each belongs to one model, and has a name in its workspace. */
export function adapterEndpoints(parts: ResourceParts): Endpoint[] {
  const nested = `${NESTED}/{adapter}`;
  return [
    {
      method: 'POST',
      path: NESTED,
      body: CREATE_NESTED,
      status: 201,
      handle: (call) => createNested(call, parts),
    },
    { method: 'DELETE', path: nested, status: 204, handle: (call) => removeNested(call, parts) },
    { method: 'PATCH', path: nested, body: UPDATE, handle: (call) => updateNested(call, parts) },
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    ...plainEndpoints(ROOT, parts, ADAPTERS),
    {
      method: 'PATCH',
      path: `${ROOT}/{name}`,
      body: UPDATE,
      handle: (call) => update(call, parts, ADAPTERS.absent),
    },
  ];
}

/** The adapters of a model. */
export function adaptersOf(registry: Registry, model: string): Entity[] {
  return registry.list(KIND, null).filter(({ data }) => data['model'] === model);
}

async function createNested(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', model_name: model = '' } = call.params;
  const { value } = await bodyOf(call, CREATE_NESTED, parts);
  return await add(value, workspace, parts, () => needModel(call, parts) && `${workspace}/${model}`);
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { model: asked, ...data } = value as JsonObject & { model: string };
  return await add(data, workspace, parts, () => {
    const id = asked.includes('/') ? asked : `${workspace}/${asked}`;
    const slash = id.indexOf('/');
    if (parts.registry.get('model', id.slice(0, slash), id.slice(slash + 1)) !== undefined) return id;
    throw refuse(404, `Base model for adapter (model='${asked}') not found`);
  });
}

/** `model`: its id; throws when there is none. */
async function add(
  data: JsonObject,
  workspace: string,
  parts: ResourceParts,
  model: () => string,
): Promise<Reply> {
  const { name, ...rest } = data as JsonObject & { name: string };
  const reference = textOf(data, 'fileset');
  const fileset = needFileset(parts.registry, reference, workspace);
  const of = model();
  const taken = `Adapter with name '${name}' already exists in workspace '${workspace}'`;
  if (parts.registry.get(KIND, workspace, name) !== undefined) throw refuse(409, taken);
  needFiles(fileset, reference);
  needPlace(parts, workspace, null);
  return created(adapterForm(await make(parts, KIND, workspace, name, { ...rest, model: of }, taken)));
}

async function update(
  call: Call,
  parts: ResourceParts,
  absent: (workspace: string, name: string) => HttpError,
): Promise<Reply> {
  const { workspace = '', adapter, name = adapter ?? '' } = call.params;
  const change = await bodyOf(call, UPDATE, parts);
  const reference = textOf(change.value, 'fileset');
  const fileset = reference === '' ? null : needFileset(parts.registry, reference, workspace);
  if (adapter !== undefined) needOwn(call, parts);
  const changed = await parts.registry.update(KIND, workspace, name, (data) => {
    if (fileset !== null) needFiles(fileset, reference);
    return given(change, data);
  });
  if (changed === undefined) throw absent(workspace, name);
  return json(adapterForm(changed));
}

async function updateNested(call: Call, parts: ResourceParts): Promise<Reply> {
  return await update(call, parts, () => absentOf(call));
}

async function removeNested(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace, name } = needOwn(call, parts);
  await parts.registry.remove(KIND, workspace, name);
  return NO_BODY;
}

function needModel(
  { params: { workspace = '', model_name: model = '' } }: Call,
  { registry }: ResourceParts,
  called = 'name',
): Entity {
  const found = registry.get('model', workspace, model);
  if (found !== undefined) return found;
  throw refuse(404, `Model with workspace '${workspace}' and ${called} '${model}' not found`);
}

/** The adapter of a path that names its model too. */
function needOwn(call: Call, parts: ResourceParts): Entity {
  const { workspace = '', model_name: model = '', adapter: name = '' } = call.params;
  needModel(call, parts, 'model name');
  const found = parts.registry.get(KIND, workspace, name);
  if (found?.data['model'] === `${workspace}/${model}`) return found;
  throw absentOf(call);
}

function absentOf({
  params: { workspace = '', model_name: model = '', adapter: name = '' },
}: Call): HttpError {
  return refuse(404, `Adapter ${name} with workspace '${workspace}' and model name '${model}' not found`);
}
