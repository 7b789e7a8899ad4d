import { errors } from '../../errors/index.js';
import type { MapNode, Node } from './node.js';
import type { Path } from './path.js';
import { formatPath, lookup, splitPath } from './path.js';

const MISSING = '???';
const PLAIN_REFERENCE = /^\$\{([A-Za-z_][\w.-]*)\}$/;

/**
 * Lays `over` on `base` as OmegaConf.merge does: mappings merge key by key and keep the order of first
 * appearance; lists, scalars and null replace; `???` never replaces a value; a mapping laid on `${other}`
 * is merged over a copy of what `other` is in `base`. A mapping on a list, or a list on a mapping, is refused.
 */
export function merge(base: MapNode, over: MapNode): MapNode {
  return mergeMaps(base, over, [], base);
}

function mergeMaps(base: MapNode, over: MapNode, path: Path, root: MapNode): MapNode {
  if (over.entries.size === 0) return base;
  if (base.entries.size === 0) return { ...over, previous: base.previous };
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const old = base.entries.get(key);
    entries.set(key, old === undefined ? value : mergeNodes(old, value, [...path, key], root));
  }
  return { kind: 'map', entries, origin: over.origin, previous: base };
}

function mergeNodes(base: Node, over: Node, path: Path, root: MapNode): Node {
  if (over.kind === 'scalar') return over.value === MISSING ? base : { ...over, previous: base };
  const target = dereference(base, root);
  if (over.kind === 'map' && target.kind === 'map') return mergeMaps(target, over, path, root);
  if (target.kind !== 'scalar' && target.kind !== over.kind) {
    throw errors.configKindClash(formatPath(path), target.kind, target.origin, over.kind, over.origin);
  }
  return { ...over, previous: base };
}

function dereference(node: Node, root: MapNode): Node {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
  const name = PLAIN_REFERENCE.exec(node.value)?.[1];
  const target = name === undefined ? undefined : lookup(root, splitPath(name));
  return target?.kind === 'map' ? target : node;
}
