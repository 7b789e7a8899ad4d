import { json } from '../../serve/http/index.js';
import type { JsonObject } from '../../protocol/index.js';
import { readQuery, type Endpoint } from '../http/index.js';
import { pageFields, pageOf, readFilter, sorted, sortWords } from '../listing/index.js';
import type { Entity } from '../registry/index.js';
import { boolean, NAME, nullable, object, oneOf, optional, text } from '../schema/index.js';
import { bodyOf, created, given, make, refuse, type ResourceParts } from './parts.js';

/** There from the first start, and never removed. */
export const BUILT_IN = ['default', 'system'];

const ROOT = '/apis/entities/v2/workspaces';
const CREATE = object({ name: { kind: text({ pattern: NAME }) }, description: optional(nullable(text())) });
const UPDATE = object({ description: optional(nullable(text())) });
const LIST = {
  ...pageFields(100),
  sort: optional(oneOf(sortWords('created_at', 'updated_at', 'name')), '-created_at'),
};
const WAIT = { wait_role_propagation: optional(boolean, true) };
const FILTERS = ['id', 'name', 'description', 'created_at', 'updated_at'];

function form({ id, name, createdAt, updatedAt, data }: Entity): JsonObject {
  const { description = null } = data;
  return {
    id,
    name,
    description,
    created_at: createdAt,
    created_by: '',
    updated_at: updatedAt,
    updated_by: '',
  };
}

export function workspaceEndpoints(parts: ResourceParts): Endpoint[] {
  const { registry } = parts;
  const absent = (name: string): Error => refuse(404, `Workspace '${name}' not found`);
  return [
    {
      method: 'POST',
      path: ROOT,
      query: WAIT,
      body: CREATE,
      status: 201,
      async handle(call) {
        readQuery(call.query, WAIT);
        const { value } = await bodyOf(call, CREATE, parts);
        const { name, description } = value as { name: string; description: string | null };
        return created(
          form(
            await make(parts, 'workspace', '', name, { description }, `Workspace '${name}' already exists`),
          ),
        );
      },
    },
    {
      method: 'GET',
      path: ROOT,
      query: LIST,
      filters: FILTERS,
      handle({ query }) {
        const {
          page,
          page_size: size,
          sort,
        } = readQuery(query, LIST) as { page: number; page_size: number; sort: string };
        const filter = readFilter(query, FILTERS);
        const wanted = registry.list('workspace', '').filter((each) => filter(form(each)));
        return json({ ...wholePage(sorted(wanted, sort, form), page, size), sort, filter: null });
      },
    },
    {
      method: 'GET',
      path: `${ROOT}/{name}`,
      handle({ params }) {
        const found = registry.get('workspace', '', params['name']!);
        if (found === undefined) throw absent(params['name']!);
        return json(form(found));
      },
    },
    {
      method: 'PUT',
      path: `${ROOT}/{name}`,
      body: UPDATE,
      async handle(call) {
        const name = call.params['name']!;
        const change = await bodyOf(call, UPDATE, parts);
        const changed = await registry.update('workspace', '', name, (data) => given(change, data));
        if (changed === undefined) throw absent(name);
        return json(form(changed));
      },
    },
    {
      method: 'DELETE',
      path: `${ROOT}/{name}`,
      async handle({ params }) {
        const name = params['name']!;
        if (BUILT_IN.includes(name))
          throw refuse(403, `The workspace '${name}' is built in and cannot be deleted`);
        if (!(await registry.removeWorkspace(name))) throw absent(name);
        return json({ message: 'Workspace marked for deletion', id: name });
      },
    },
  ];
}

/** This service shows nulls in its lists, unlike the others. */
function wholePage(all: readonly Entity[], page: number, size: number): JsonObject {
  const { pagination } = pageOf(all, page, size, form);
  return { data: all.slice((page - 1) * size, page * size).map(form), pagination };
}
