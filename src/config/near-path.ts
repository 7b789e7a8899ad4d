import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../errors/index.js';

/**
 * The file that a path which does not exist was probably meant to name, written as the path was: each misspelt
 * part is replaced with the nearest name in that folder. Undefined when some part is near to nothing.
 */
export function nearPath(written: string, roots: readonly string[]): string | undefined {
  const bases = path.isAbsolute(written) ? [path.parse(written).root] : roots;
  for (const base of bases) {
    const found = nearBelow(
      base,
      written.split('/').filter((part) => part !== ''),
    );
    if (found !== undefined) return path.isAbsolute(written) ? found : path.relative(base, found);
  }
  return undefined;
}

function nearBelow(folder: string, parts: readonly string[]): string | undefined {
  let at = folder;
  for (const [index, part] of parts.entries()) {
    const next = path.join(at, part);
    if (existsSync(next)) {
      at = next;
      continue;
    }
    const last = index === parts.length - 1;
    const [near] = nearest(part, namesIn(at, last));
    if (near === undefined) return undefined;
    at = path.join(at, near);
  }
  return at;
}

function namesIn(folder: string, files: boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() !== files)
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
