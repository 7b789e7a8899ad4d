import path from 'node:path';
import type { ConfigObject, LoadOptions } from '../config/index.js';
import { parseOverride } from '../config/index.js';
import { replayDefaults } from '../transport/index.js';

/**
 * Stand-ins for the address, key and model that a replay never uses, so that `+replay=file` runs without an
 * env.yaml; empty when nothing is replayed. Meant as `LoadOptions.initial`: anything configured wins.
 */
export async function replayValues({ overrides, cwd }: LoadOptions): Promise<ConfigObject> {
  const file = overrides
    .filter((token) => /^\+*replay=/.test(token))
    .map((token) => parseOverride(token).value)
    .findLast((value) => typeof value === 'string' && value !== '');
  return typeof file === 'string' ? replayDefaults(path.resolve(cwd, file)) : {};
}
