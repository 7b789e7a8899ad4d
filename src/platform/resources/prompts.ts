import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type HttpError, type Reply } from '../../serve/http/index.js';
import { readQuery, type Call, type Endpoint } from '../http/index.js';
import { pageFields, pageOf, readFilter, sorted, sortWords } from '../listing/index.js';
import type { Entity } from '../registry/index.js';
import {
  anything,
  boolean,
  either,
  list,
  map,
  nullable,
  object,
  oneOf,
  optional,
  required,
  text,
} from '../schema/index.js';
import { INFERENCE_PARAMS } from './model-schema.js';
import {
  bodyOf,
  created,
  descriptionField,
  listedWorkspace,
  make,
  nameField,
  needPlace,
  NO_BODY,
  projectField,
  refuse,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/models/v2/workspaces/{workspace}/prompts';
const MESSAGE = object({
  role: required(oneOf(['system', 'developer', 'user', 'assistant'])),
  content: required(text()),
});
const TOOL = object({
  type: required(oneOf(['function'], 'literal_error')),
  function: required(
    object({
      name: required(text({ max: 255 })),
      description: optional(nullable(text())),
      parameters: optional(nullable(map(anything))),
      strict: optional(nullable(boolean)),
    }),
  ),
});
const WHOLE = {
  project: projectField,
  description: descriptionField,
  messages: optional(list(MESSAGE), []),
  input_variables: optional(list(text()), []),
  tools: optional(nullable(list(TOOL))),
  tool_choice: optional(nullable(either({ str: text(), 'dict[str,any]': map(anything) }))),
  response_format: optional(nullable(map(anything))),
  inference_params: optional(nullable(INFERENCE_PARAMS)),
  tags: optional(nullable(list(text())), []),
};
const CREATE = object({ name: nameField, ...WHOLE });
const REPLACE = object(WHOLE);
const LIST = {
  ...pageFields(100),
  sort: optional(oneOf(sortWords('name', 'created_at', 'updated_at')), 'created_at'),
};
const FILTERS = [
  'created_at',
  'description',
  'entity_type',
  'id',
  'name',
  'project',
  'updated_at',
  'workspace',
];

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
    messages: data['messages'] ?? [],
    input_variables: data['input_variables'] ?? [],
    tools: of('tools'),
    tool_choice: of('tool_choice'),
    response_format: of('response_format'),
    inference_params: of('inference_params'),
    tags: data['tags'] ?? [],
  };
}

export function promptEndpoints(parts: ResourceParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  return [
    { method: 'GET', path: ROOT, handle: (call) => listAll(call, parts) },
    { method: 'POST', path: ROOT, handle: (call) => create(call, parts) },
    {
      method: 'GET',
      path: item,
      handle({ params: { workspace = '', name = '' } }) {
        const found = parts.registry.get('prompt', workspace, name);
        if (found === undefined) throw absent(workspace, name);
        return json(form(found));
      },
    },
    { method: 'PUT', path: item, handle: (call) => replace(call, parts) },
    {
      method: 'DELETE',
      path: item,
      async handle({ params: { workspace = '', name = '' } }) {
        if (await parts.registry.remove('prompt', workspace, name)) return NO_BODY;
        throw absent(workspace, name);
      },
    },
  ];
}

function absent(workspace: string, name: string): HttpError {
  return refuse(404, `Prompt not found: ${workspace}/${name}`);
}

function listAll({ params, query }: Call, parts: ResourceParts): Reply {
  const {
    page,
    page_size: size,
    sort,
  } = readQuery(query, LIST) as { page: number; page_size: number; sort: string };
  const filter = readFilter(query, FILTERS);
  const workspace = listedWorkspace(parts, params['workspace']!);
  const wanted = parts.registry.list('prompt', workspace).filter((each) => filter(form(each)));
  return json({ ...pageOf(sorted(wanted, sort, form), page, size, form), sort });
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { name, ...data } = value as JsonObject & { name: string };
  needPlace(parts, workspace, data['project']);
  const taken = `Prompt with workspace '${workspace}' and name '${name}' already exists`;
  return created(form(await make(parts, 'prompt', workspace, name, data, taken)));
}

async function replace(call: Call, parts: ResourceParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value } = await bodyOf(call, REPLACE, parts);
  if (parts.registry.get('prompt', workspace, name) === undefined) throw absent(workspace, name);
  needPlace(parts, workspace, value['project']);
  const changed = await parts.registry.update('prompt', workspace, name, () => value);
  if (changed === undefined) throw absent(workspace, name);
  return json(form(changed));
}
