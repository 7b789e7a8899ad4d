import { existsSync } from 'node:fs';
import path from 'node:path';
import type { MapNode } from '../tree/index.js';
import { emptyMap } from '../tree/index.js';
import { loadFile } from './load-file.js';

/** Reads the first `env.yaml` of the roots; it is optional, and only one is read. */
export async function loadEnvFile(
  roots: readonly string[],
  cwd: string,
): Promise<{ root: MapNode; file: string | undefined }> {
  const file = roots.map((root) => path.join(root, 'env.yaml')).find((candidate) => existsSync(candidate));
  if (file === undefined) return { root: emptyMap(), file };
  return { root: await loadFile(file, cwd, 'env.yaml'), file };
}
