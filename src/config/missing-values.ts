import { errors } from '../errors/index.js';
import type { MapNode } from './tree/index.js';
import { eachScalar, formatPath } from './tree/index.js';
import type { Origin } from './types.js';

/** Refuses values left as `???` (to be given by the user), all of them in one error. */
export function checkMissingValues(root: MapNode): void {
  const missing: { path: string; origin: Origin }[] = [];
  eachScalar(root, (leaf, path) => {
    if (leaf.value === '???') missing.push({ path: formatPath(path), origin: leaf.origin });
  });
  if (missing.length > 0) throw errors.configMissingValues(missing);
}
