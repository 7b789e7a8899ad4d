import type { JsonObject } from '../../protocol/index.js';
import { digestOf, newToken, SCOPES } from '../access/index.js';
import type { Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import type { Entity } from '../registry/index.js';
import { object, oneOf, optional } from '../schema/index.js';
import { plainEndpoints, type Collection } from './collection.js';
import {
  bodyOf,
  created,
  descriptionField,
  make,
  nameField,
  needPlace,
  refuse,
  type ResourceParts,
} from './parts.js';

/** Not of the reference: its own service. */
const ROOT = '/apis/ngym/v2/workspaces/{workspace}/tokens';
const CREATE = object({
  name: nameField,
  scope: optional(oneOf(SCOPES), 'inference'),
  description: descriptionField,
});

function form({ id, name, workspace, createdAt, data }: Entity): JsonObject {
  return {
    id,
    name,
    workspace,
    scope: data['scope'] ?? null,
    description: data['description'] ?? null,
    created_at: createdAt,
  };
}

const TOKENS: Collection = {
  kind: 'token',
  query: { ...pageFields(100), sort: optional(oneOf(sortWords('name', 'created_at')), 'created_at') },
  filters: ['name', 'scope'],
  form,
  absent: (workspace, name) => refuse(404, `Token ${workspace}/${name} not found`),
};

/** A token is told once, when it is made; kept is its digest. */
export function tokenEndpoints(parts: ResourceParts): Endpoint[] {
  return [
    {
      method: 'POST',
      path: ROOT,
      body: CREATE,
      status: 201,
      async handle(call) {
        const workspace = call.params['workspace']!;
        const { value } = await bodyOf(call, CREATE, parts);
        const { name, ...data } = value as JsonObject & { name: string };
        needPlace(parts, workspace, null);
        const token = newToken();
        const taken = `Token '${workspace}/${name}' already exists`;
        const kept = { ...data, digest: digestOf(token) };
        return created({ ...form(await make(parts, 'token', workspace, name, kept, taken)), token });
      },
    },
    ...plainEndpoints(ROOT, parts, TOKENS),
  ];
}
