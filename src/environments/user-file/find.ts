import { existsSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../../errors/index.js';

const EXTENSIONS: readonly string[] = ['.js', '.mjs', '.ts', '.mts'];

/** True when an `entrypoint` names a JavaScript or TypeScript file: the user's own environment. */
export function isUserFile(entrypoint: unknown): entrypoint is string {
  return typeof entrypoint === 'string' && EXTENSIONS.includes(path.extname(entrypoint));
}

/** The first file of that name under the search roots, as an absolute path. Throws NgError listing where it looked. */
export function findUserFile(entrypoint: string, roots: readonly string[]): string {
  const candidates = path.isAbsolute(entrypoint)
    ? [entrypoint]
    : roots.map((root) => path.resolve(root, entrypoint));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw errors.environmentFileNotFound(entrypoint, candidates);
  return found;
}
