import type { JsonObject } from '../../protocol/index.js';
import { readQuery, type Call } from '../http/index.js';
import { pageOf, readFilter, sorted } from '../listing/index.js';
import { textOf, type Entity, type Registry } from '../registry/index.js';
import { listedWorkspace, refuse, type Collection, type ResourceParts } from '../resources/index.js';

/**
 * Things that never change: what is new about one is another version of it. Each version is an entity of its own, whose
 * name is that of the thing, a slash (which no name has) and the number.
 */
export type VersionedKind = 'model-deployment' | 'model-deployment-config';

export function keyOf(base: string, version: number): string {
  return `${base}/${version}`;
}

export function baseOf({ data }: Entity): string {
  return textOf(data, 'base');
}

export function versionOf({ data }: Entity): number {
  return Number(data['entity_version']);
}

/** All versions of a thing, the newest first. */
export function versionsOf(
  registry: Registry,
  kind: VersionedKind,
  workspace: string,
  base: string,
): Entity[] {
  return registry
    .list(kind, workspace)
    .filter((each) => baseOf(each) === base)
    .sort((a, b) => versionOf(b) - versionOf(a));
}

/** The version that is asked for; the newest for null. */
export function findVersion(
  registry: Registry,
  kind: VersionedKind,
  { workspace, base, version }: { workspace: string; base: string; version: number | null },
): Entity | undefined {
  return version === null
    ? versionsOf(registry, kind, workspace, base)[0]
    : registry.get(kind, workspace, keyOf(base, version));
}

/** The number in a path or query. Throws 400. */
export function versionIn(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text))
    throw refuse(400, `Invalid version '${text}': must be a positive integer`);
  return Number(text);
}

/** Of each thing its newest version, where the first of its versions was in the list. */
export function newestOnly(versions: readonly Entity[]): Entity[] {
  const newest = new Map<string, Entity>();
  for (const each of versions) {
    const thing = `${each.workspace}/${baseOf(each)}`;
    const known = newest.get(thing);
    if (known === undefined || versionOf(each) > versionOf(known)) newest.set(thing, each);
  }
  return [...newest.values()];
}

/** One page of things, or of all their versions (`all_versions`); a filter chooses among versions. */
export function pageOfVersions(
  { params, query }: Call,
  parts: ResourceParts,
  { kind, query: fields, filters, form }: Collection,
): JsonObject {
  const asked = readQuery(query, fields) as {
    page: number;
    page_size: number;
    sort: string;
    all_versions?: boolean;
  };
  const filter = readFilter(query, filters);
  const workspace = listedWorkspace(parts, params['workspace']!);
  const wanted = parts.registry.list(kind, workspace).filter((each) => filter(form(each)));
  const ordered = sorted(wanted, asked.sort, form);
  const all = asked.all_versions === true;
  const { data, pagination } = pageOf(all ? ordered : newestOnly(ordered), asked.page, asked.page_size, form);
  // As in the reference, of things there is always a page.
  const pages = all ? pagination['total_pages']! : Math.max(1, Number(pagination['total_pages']));
  return { data, pagination: { ...pagination, total_pages: pages }, sort: asked.sort };
}
