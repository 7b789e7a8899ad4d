import type { JsonObject } from '../../protocol/index.js';
import { json, type HttpError, type Reply } from '../../serve/http/index.js';
import { readQuery, type Call, type Endpoint } from '../http/index.js';
import { pageOf, readFilter, sorted } from '../listing/index.js';
import type { Entity, EntityKind } from '../registry/index.js';
import type { Fields } from '../schema/index.js';
import { listedWorkspace, NO_BODY, type ResourceParts } from './parts.js';

/** What the things of one kind have in common wherever they are shown, listed and missed. */
export interface Collection {
  readonly kind: EntityKind;
  /** Query of the list: `page`, `page_size`, `sort`, and what a kind adds. */
  readonly query: Fields;
  /** Keys that a filter may name. */
  readonly filters: readonly string[];
  readonly form: (entity: Entity) => JsonObject;
  /** What a filter sees of a form; the form itself without it. */
  readonly seen?: (form: JsonObject) => JsonObject;
  readonly absent: (workspace: string, name: string) => HttpError;
}

/** One page, and the query as it was read. `keep`: what is listed at all. */
export function listOf(
  { params, query }: Call,
  parts: ResourceParts,
  { kind, query: fields, filters, form, seen = (shown) => shown }: Collection,
  keep: (entity: Entity, asked: JsonObject) => boolean = () => true,
): { page: JsonObject; asked: JsonObject } {
  const asked = readQuery(query, fields);
  const { page, page_size: size, sort } = asked as { page: number; page_size: number; sort: string };
  const filter = readFilter(query, filters);
  const workspace = listedWorkspace(parts, params['workspace']!);
  const wanted = parts.registry
    .list(kind, workspace)
    .filter((each) => keep(each, asked) && filter(seen(form(each))));
  return { page: { ...pageOf(sorted(wanted, sort, form), page, size, form), sort }, asked };
}

export function showOne({ params }: Call, { registry }: ResourceParts, collection: Collection): Reply {
  const { workspace = '', name = '' } = params;
  const found = registry.get(collection.kind, workspace, name);
  if (found === undefined) throw collection.absent(workspace, name);
  return json(collection.form(found));
}

async function removeOne(
  { params }: Call,
  { registry }: ResourceParts,
  collection: Collection,
): Promise<Reply> {
  const { workspace = '', name = '' } = params;
  if (await registry.remove(collection.kind, workspace, name)) return NO_BODY;
  throw collection.absent(workspace, name);
}

/** The endpoints that are the same for all kinds: the list, and reading and removing one. */
export function plainEndpoints(root: string, parts: ResourceParts, collection: Collection): Endpoint[] {
  const item = `${root}/{name}`;
  return [
    {
      method: 'GET',
      path: root,
      query: collection.query,
      filters: collection.filters,
      handle: (call) => json(listOf(call, parts, collection).page),
    },
    { method: 'GET', path: item, handle: (call) => showOne(call, parts, collection) },
    { method: 'DELETE', path: item, status: 204, handle: (call) => removeOne(call, parts, collection) },
  ];
}
