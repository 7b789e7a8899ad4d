import { existsSync } from 'node:fs';
import path from 'node:path';
import { nearPath } from '../../config/index.js';
import { errors } from '../../errors/index.js';

/**
 * The absolute path of a file that a parameter names: absolute as it is, relative under the first search root
 * that has it. `key` names the parameter in the error.
 */
export function findFile(key: string, value: string, roots: readonly string[]): string {
  const candidates = path.isAbsolute(value) ? [value] : roots.map((root) => path.resolve(root, value));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw errors.inputNotFound(key, value, candidates, nearPath(value, roots));
  return found;
}
