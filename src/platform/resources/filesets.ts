import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import { readQuery, type Call, type Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import { textOf, type Entity, type Registry } from '../registry/index.js';
import {
  anything,
  boolean,
  integer,
  map,
  nullable,
  object,
  oneOf,
  optional,
  text,
  type Kind,
} from '../schema/index.js';
import { plainEndpoints, type Collection } from './collection.js';
import { bodyOf, given, make, nameField, needPlace, refuse, type ResourceParts } from './parts.js';

const ROOT = '/apis/files/v2/workspaces/{workspace}/filesets';
const PURPOSES = ['generic', 'dataset', 'model', 'environment'];
const LOCAL = 'local';

const maybeText = optional(nullable(text()));
const descriptionField = optional(nullable(text({ max: 255 })));
const TOOL_CALLING = object({
  chat_template: maybeText,
  tool_call_parser: maybeText,
  tool_call_plugin: maybeText,
  auto_tool_choice: optional(nullable(boolean)),
});
const METADATA = object({
  dataset: optional(nullable(map(anything))),
  model: optional(nullable(object({ tool_calling: optional(nullable(TOOL_CALLING)) }))),
  environment: optional(nullable(map(anything))),
});
const NO_METADATA = { dataset: null, model: null, environment: null };
/** Where the files are: elsewhere, as each kind of place describes it; or here. */
const STORAGE: Kind = object(
  {
    read_chunk_size: optional(integer(), 1_048_576),
    type: optional(oneOf([LOCAL, 'ngc', 'huggingface', 's3', 'github'], 'literal_error'), LOCAL),
  },
  { others: 'keep' },
);
const CREATE = object({
  name: nameField,
  description: descriptionField,
  project: maybeText,
  storage: optional(nullable(STORAGE)),
  purpose: optional(oneOf(PURPOSES), 'generic'),
  metadata: optional(nullable(METADATA), NO_METADATA),
  custom_fields: optional(nullable(map(anything)), {}),
  /** Kept, and without meaning while no files are. */
  cache: optional(boolean, false),
});
const FILES = { path: optional(nullable(text())), include_cache_status: optional(boolean, false) };
const UPDATE = object({
  description: descriptionField,
  project: maybeText,
  purpose: optional(nullable(oneOf(PURPOSES))),
  metadata: optional(nullable(METADATA)),
  custom_fields: optional(nullable(map(anything))),
});

function form({ id, name, workspace, createdAt, updatedAt, data }: Entity): JsonObject {
  return {
    id,
    name,
    workspace,
    description: textOf(data, 'description'),
    purpose: data['purpose'] ?? 'generic',
    storage: data['storage'] ?? null,
    metadata: data['metadata'] ?? NO_METADATA,
    custom_fields: data['custom_fields'] ?? {},
    project: textOf(data, 'project'),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

const FILESETS: Collection = {
  kind: 'fileset',
  query: {
    ...pageFields(10, 100),
    sort: optional(oneOf(sortWords('created_at', 'updated_at', 'name')), '-created_at'),
  },
  filters: [
    'created_at',
    'description',
    'entity_type',
    'id',
    'name',
    'purpose',
    'storage_type',
    'updated_at',
  ],
  form,
  seen: (shown) => ({ ...shown, storage_type: textOf(shown['storage'] as JsonObject, 'type') }),
  absent: (workspace, name) => refuse(404, `Fileset '${name}' not found in workspace '${workspace}'`),
};

/**
 * What is known of sets of files: where they are, and how a model that is made of them calls tools. The files themselves
 * are not kept here.
 */
export function filesetEndpoints(parts: ResourceParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  return [
    { method: 'POST', path: ROOT, body: CREATE, handle: (call) => create(call, parts) },
    { method: 'GET', path: item, handle: (call) => json(form(need(call, parts))) },
    ...plainEndpoints(ROOT, parts, FILESETS).filter(({ method }) => method !== 'DELETE'),
    { method: 'PATCH', path: item, body: UPDATE, handle: (call) => update(call, parts) },
    { method: 'DELETE', path: item, handle: (call) => remove(call, parts) },
    { method: 'GET', path: `${item}/files`, query: FILES, handle: (call) => listFiles(call, parts) },
  ];
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { name, storage, ...data } = value as JsonObject & { name: string; storage: JsonObject | null };
  needPlace(parts, workspace, data['project'] === '' ? null : data['project']);
  const local = { read_chunk_size: 1_048_576, type: LOCAL, path: `filesets/${workspace}/${name}` };
  const place: Json = storage ?? { ...local, write_buffer_size: 16_777_216 };
  const taken = `Fileset '${workspace}/${name}' already exists`;
  return json(form(await make(parts, 'fileset', workspace, name, { ...data, storage: place }, taken)));
}

async function update(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const change = await bodyOf(call, UPDATE, parts);
  const changed = await parts.registry.update('fileset', workspace, name, (data) => given(change, data));
  if (changed === undefined) throw FILESETS.absent(workspace, name);
  return json(form(changed));
}

/** Shown once more when it goes. */
async function remove(call: Call, parts: ResourceParts): Promise<Reply> {
  const last = need(call, parts);
  await parts.registry.remove('fileset', last.workspace, last.name);
  return json(form(last));
}

function listFiles(call: Call, parts: ResourceParts): Reply {
  readQuery(call.query, FILES);
  need(call, parts);
  return json({ data: [] });
}

function need({ params: { workspace = '', name = '' } }: Call, { registry }: ResourceParts): Entity {
  const found = registry.get('fileset', workspace, name);
  if (found === undefined) throw FILESETS.absent(workspace, name);
  return found;
}

/** `workspace/name`, or a name in `workspace`. Throws 400 when there is no such fileset. */
export function needFileset(registry: Registry, reference: string, workspace: string): Entity {
  const slash = reference.indexOf('/');
  const [of, name] =
    slash === -1 ? [workspace, reference] : [reference.slice(0, slash), reference.slice(slash + 1)];
  const found = registry.get('fileset', of, name);
  if (found === undefined) throw refuse(400, `Fileset '${reference}' not found in workspace '${of}'`);
  return found;
}

/** Throws 400 for a set without files. Files can only be elsewhere: one that is kept here has none. */
export function needFiles({ data }: Entity, reference: string): void {
  if (textOf(data['storage'] as JsonObject, 'type') !== LOCAL) return;
  throw refuse(400, `Fileset ${reference}, exists but is empty`);
}
