import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../errors/index.js';

/** False where nothing is, or a file. Throws NgError where it cannot be told. */
export async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw errors.folderImpossible(folder, error);
  }
}

/**
 * Makes a folder and those above it that are missing. Each level is tried once: Node's own recursive form never ends
 * where a folder cannot be made although the one above it exists, as below `/proc`. Throws NgError.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !(await isFolder(at)); at = path.dirname(at)) {
    missing.push(at);
    if (path.dirname(at) === at) break;
  }
  for (const level of missing.reverse()) {
    await mkdir(level).catch((error: unknown) => {
      // Another process may have been faster; a file in its place fails at the next level or at the first write.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw errors.folderImpossible(folder, error);
    });
  }
}
