import type { MapNode } from '../tree/index.js';
import { merge, withEntry } from '../tree/index.js';

const TYPE = 'responses_api_models';
const DUMMY = 'dummy_model';

/**
 * Removes the stand-in `dummy_model` from each server that has a real implementation as well; its fields
 * stay beneath the real one's, as in the reference.
 */
export function foldDummyModels(root: MapNode): MapNode {
  let result = root;
  for (const [name, node] of root.entries) {
    const type = node.kind === 'map' ? node.entries.get(TYPE) : undefined;
    if (node.kind !== 'map' || type?.kind !== 'map') continue;
    const dummy = type.entries.get(DUMMY);
    if (dummy?.kind !== 'map' || type.entries.size < 2) continue;
    const entries = new Map<string, MapNode['entries'] extends ReadonlyMap<string, infer N> ? N : never>();
    for (const [key, block] of type.entries) {
      if (key !== DUMMY) entries.set(key, block.kind === 'map' ? merge(dummy, block) : block);
    }
    result = withEntry(result, name, withEntry(node, TYPE, { ...type, entries }));
  }
  return result;
}
