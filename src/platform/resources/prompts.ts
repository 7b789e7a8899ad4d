import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import type { Call, Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
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
import { plainEndpoints, type Collection } from './collection.js';
import { INFERENCE_PARAMS } from './model-schema.js';
import {
  bodyOf,
  created,
  descriptionField,
  make,
  nameField,
  needPlace,
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

const PROMPTS: Collection = {
  kind: 'prompt',
  query: LIST,
  filters: FILTERS,
  form,
  absent: (workspace, name) => refuse(404, `Prompt not found: ${workspace}/${name}`),
};

export function promptEndpoints(parts: ResourceParts): Endpoint[] {
  return [
    ...plainEndpoints(ROOT, parts, PROMPTS),
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    { method: 'PUT', path: `${ROOT}/{name}`, body: REPLACE, handle: (call) => replace(call, parts) },
  ];
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
  if (parts.registry.get('prompt', workspace, name) === undefined) throw PROMPTS.absent(workspace, name);
  needPlace(parts, workspace, value['project']);
  const changed = await parts.registry.update('prompt', workspace, name, () => value);
  if (changed === undefined) throw PROMPTS.absent(workspace, name);
  return json(form(changed));
}
