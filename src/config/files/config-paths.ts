import { errors } from '../../errors/index.js';
import { interpolate } from '../interpolation/index.js';
import { nearPath } from '../near-path.js';
import { pathCandidates, resolvePath } from '../search-roots.js';
import type { MapNode, Node } from '../tree/index.js';
import { merge } from '../tree/index.js';
import type { Origin } from '../types.js';
import { loadFile } from './load-file.js';

interface Entry {
  written: string;
  origin: Origin;
  children: Entry[];
  root?: MapNode;
}

export interface Included {
  /** All files merged: an includer wins over what it includes, a later sibling over an earlier one. */
  root: MapNode;
  /** `config_paths` as expanded, in discovery order, as written. */
  paths: string[];
  /** Absolute paths in discovery order. */
  files: string[];
  warnings: string[];
}

interface Context {
  cwd: string;
  roots: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Loads the files of `config_paths` and what they include. Paths are looked for in the search roots, never
 * next to the includer. A path that is already in the list is not added again: it belongs to its first includer.
 */
export async function includeFiles(top: MapNode, base: MapNode, context: Context): Promise<Included> {
  const list = readPaths(top, base, context);
  const warnings = duplicates(list);
  const queue = [...list];
  const files: string[] = [];
  const repeated = new Set<string>();
  for (let index = 0; index < queue.length; index++) {
    const entry = queue[index]!;
    const file = locate(entry, context);
    files.push(file);
    entry.root = await loadFile(file, context.cwd);
    for (const found of readPaths(entry.root, beneath(entry.root, base), context)) {
      if (queue.some((known) => known.written === found.written)) repeated.add(found.written);
      else {
        entry.children.push(found);
        queue.push(found);
      }
    }
  }
  if (repeated.size > 0) warnings.push(`Included more than once, loaded once: ${[...repeated].join(', ')}.`);
  const ordered = list.flatMap(postOrder);
  const root = ordered.reduce((merged, entry) => merge(merged, entry.root!), emptyLike(base));
  return { root, paths: queue.map((entry) => entry.written), files: [...new Set(files)], warnings };
}

function emptyLike(base: MapNode): MapNode {
  return { kind: 'map', entries: new Map(), origin: base.origin };
}

/** The file's top-level keys over those of `base`: what its `config_paths` can refer to. */
function beneath(file: MapNode, base: MapNode): MapNode {
  return { ...file, entries: new Map([...base.entries, ...file.entries]) };
}

function postOrder(entry: Entry): Entry[] {
  return [...entry.children.flatMap(postOrder), entry];
}

/** The `config_paths` of one tree; interpolations in it see `base` as well. */
function readPaths(root: MapNode, base: MapNode, context: Context): Entry[] {
  const written = root.entries.get('config_paths');
  if (written === undefined || (written.kind === 'scalar' && written.value === null)) return [];
  const node: Node = interpolate(base, { env: context.env, only: ['config_paths'] }).root.entries.get(
    'config_paths',
  )!;
  if (node.kind !== 'list') throw errors.configPathsNotList(written.origin);
  return node.items.map((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      throw errors.configPathsNotList(written.origin);
    }
    return { written: item.value, origin: item.origin, children: [] };
  });
}

function locate(entry: Entry, context: Context): string {
  const file = resolvePath(entry.written, context.roots);
  if (file !== undefined) return file;
  const { written, origin } = entry;
  const { roots } = context;
  throw errors.configFileNotFound(written, pathCandidates(written, roots), nearPath(written, roots), origin);
}

function duplicates(list: readonly Entry[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { written } of list) (seen.has(written) ? twice : seen).add(written);
  return twice.size === 0 ? [] : [`config_paths names a file more than once: ${[...twice].join(', ')}.`];
}
