import { json } from '../../serve/http/index.js';
import type { JsonObject } from '../../protocol/index.js';
import { readQuery, type Endpoint } from '../http/index.js';
import { pageFields, pageOf, readFilter, sorted, sortWords } from '../listing/index.js';
import type { Entity } from '../registry/index.js';
import { NAME, nullable, object, oneOf, optional, text } from '../schema/index.js';
import {
  bodyOf,
  created,
  given,
  listedWorkspace,
  make,
  needPlace,
  refuse,
  type ResourceParts,
} from './parts.js';

const ROOT = '/apis/entities/v2/workspaces/{workspace}/projects';
const CREATE = object({ name: { kind: text({ pattern: NAME }) }, description: optional(nullable(text())) });
const UPDATE = object({ description: optional(nullable(text())) });
const LIST = {
  ...pageFields(100),
  sort: optional(oneOf(sortWords('created_at', 'updated_at', 'name')), '-created_at'),
};
const FILTERS = ['id', 'name', 'workspace', 'description', 'created_at', 'updated_at'];

function form({ id, name, workspace, createdAt, updatedAt, data }: Entity): JsonObject {
  return {
    id,
    name,
    workspace,
    description: data['description'] ?? null,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

export function projectEndpoints(parts: ResourceParts): Endpoint[] {
  const { registry } = parts;
  const absent = (workspace: string, name: string): Error =>
    refuse(404, `Project '${name}' not found in workspace '${workspace}'`);
  return [
    {
      method: 'POST',
      path: ROOT,
      body: CREATE,
      status: 201,
      async handle(call) {
        const workspace = call.params['workspace']!;
        const { value } = await bodyOf(call, CREATE, parts);
        const { name, description } = value as { name: string; description: string | null };
        needPlace(parts, workspace, null);
        const taken = `Project '${name}' already exists in workspace '${workspace}'.`;
        return created(form(await make(parts, 'project', workspace, name, { description }, taken)));
      },
    },
    {
      method: 'GET',
      path: ROOT,
      query: LIST,
      filters: FILTERS,
      handle({ params, query }) {
        const {
          page,
          page_size: size,
          sort,
        } = readQuery(query, LIST) as { page: number; page_size: number; sort: string };
        const filter = readFilter(query, FILTERS);
        const workspace = listedWorkspace(parts, params['workspace']!);
        const wanted = registry.list('project', workspace).filter((each) => filter(form(each)));
        const ordered = sorted(wanted, sort, form);
        const { pagination } = pageOf(ordered, page, size, form);
        const data = ordered.slice((page - 1) * size, page * size).map(form);
        return json({ data, pagination, sort, filter: null });
      },
    },
    {
      method: 'GET',
      path: `${ROOT}/{name}`,
      handle({ params: { workspace = '', name = '' } }) {
        const found = registry.get('project', workspace, name);
        if (found === undefined) throw absent(workspace, name);
        return json(form(found));
      },
    },
    {
      method: 'PUT',
      path: `${ROOT}/{name}`,
      body: UPDATE,
      async handle(call) {
        const { workspace = '', name = '' } = call.params;
        const change = await bodyOf(call, UPDATE, parts);
        const changed = await registry.update('project', workspace, name, (data) => given(change, data));
        if (changed === undefined) throw absent(workspace, name);
        return json(form(changed));
      },
    },
    {
      method: 'DELETE',
      path: `${ROOT}/{name}`,
      async handle({ params: { workspace = '', name = '' } }) {
        if (!(await registry.remove('project', workspace, name))) throw absent(workspace, name);
        return json({ message: 'Project deleted successfully', id: `${workspace}/${name}` });
      },
    },
  ];
}
