import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import { readQuery, type Call, type Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { boolean, nullable, object, oneOf, optional } from '../schema/index.js';
import { adapterForm, adaptersOf } from './adapters.js';
import { plainEndpoints, showOne, type Collection } from './collection.js';
import { needFiles, needFileset } from './filesets.js';
import { MODEL_FIELDS } from './model-schema.js';
import {
  bodyOf,
  created,
  descriptionField,
  given,
  make,
  nameField,
  needPlace,
  NO_BODY,
  projectField,
  refuse,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/models/v2/workspaces/{workspace}/models';
const CREATE = object({
  name: nameField,
  project: projectField,
  description: descriptionField,
  ...MODEL_FIELDS,
  trust_remote_code: optional(boolean, false),
});
const UPDATE = object({
  description: descriptionField,
  ...MODEL_FIELDS,
  trust_remote_code: optional(nullable(boolean)),
});
const VERBOSE = { verbose: optional(boolean, false) };
const LIST = {
  ...pageFields(100),
  sort: optional(oneOf(sortWords('name', 'created_at', 'updated_at')), 'created_at'),
  ...VERBOSE,
};
const FILTERS = [
  'adapters',
  'base_model',
  'created_at',
  'description',
  'entity_type',
  'fileset',
  'finetuning_type',
  'id',
  'lora_enabled',
  'name',
  'project',
  'prompt',
  'updated_at',
  'workspace',
];

export function modelForm(
  { id, name, workspace, createdAt, updatedAt, data }: Entity,
  registry: Registry,
): JsonObject {
  const of = (key: string): Json => data[key] ?? null;
  return {
    id,
    name,
    workspace,
    project: of('project'),
    created_at: createdAt,
    updated_at: updatedAt,
    description: of('description'),
    spec: of('spec'),
    finetuning_type: of('finetuning_type'),
    fileset: of('fileset'),
    trust_remote_code: data['trust_remote_code'] ?? false,
    base_model: of('base_model'),
    api_endpoint: of('api_endpoint'),
    backend_format: of('backend_format'),
    adapters: adaptersOf(registry, `${workspace}/${name}`).map(adapterForm),
    prompt: of('prompt'),
    custom_fields: data['custom_fields'] ?? {},
    ownership: of('ownership'),
    model_providers: data['model_providers'] ?? [],
  };
}

const modelsIn = (registry: Registry): Collection => ({
  kind: 'model',
  query: LIST,
  filters: FILTERS,
  form: (entity) => modelForm(entity, registry),
  // A list counts as there also when it is empty, as in the reference.
  seen(shown) {
    const spec = shown['spec'] as JsonObject | null;
    return { ...shown, entity_type: 'model', lora_enabled: spec?.['lora_enabled'] ?? null };
  },
  absent: (workspace, name) =>
    refuse(404, `Model with workspace '${workspace}' and name '${name}' not found`),
});

export function modelEndpoints(parts: ResourceParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  return [
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    ...plainEndpoints(ROOT, parts, modelsIn(parts.registry)).filter(({ method }) => method !== 'DELETE'),
    { method: 'GET', path: item, query: VERBOSE, handle: (call) => show(call, parts) },
    { method: 'PATCH', path: item, query: VERBOSE, body: UPDATE, handle: (call) => update(call, parts) },
    { method: 'DELETE', path: item, status: 204, handle: (call) => remove(call, parts) },
  ];
}

function show(call: Call, parts: ResourceParts): Reply {
  readQuery(call.query, VERBOSE);
  return showOne(call, parts, modelsIn(parts.registry));
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { name, ...data } = value as JsonObject & { name: string };
  if (typeof data['fileset'] === 'string') needFileset(parts.registry, data['fileset'], workspace);
  needPlace(parts, workspace, data['project']);
  const taken = `Model with workspace '${workspace}' and name '${name}' already exists`;
  return created(modelForm(await make(parts, 'model', workspace, name, data, taken), parts.registry));
}

async function update(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  readQuery(call.query, VERBOSE);
  const change = await bodyOf(call, UPDATE, parts);
  const changed = await parts.registry.update('model', workspace, name, (data) => {
    const { fileset } = change.value as { fileset: string | null };
    if (fileset !== null) needFiles(needFileset(parts.registry, fileset, workspace), fileset);
    const after = given(change, data);
    // The one field that a null empties.
    if (change.given.has('backend_format')) after['backend_format'] = change.value['backend_format'] ?? null;
    return after;
  });
  if (changed === undefined) throw modelsIn(parts.registry).absent(workspace, name);
  return json(modelForm(changed, parts.registry));
}

/** Its adapters are nothing without it. */
async function remove({ params }: Call, { registry }: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = params;
  if (!(await registry.remove('model', workspace, name))) throw modelsIn(registry).absent(workspace, name);
  for (const each of adaptersOf(registry, `${workspace}/${name}`)) {
    await registry.remove('adapter', each.workspace, each.name);
  }
  return NO_BODY;
}
