import path from 'node:path';
import { errors } from '../../errors/index.js';
import { isObject } from '../../protocol/index.js';
import type { EnvironmentDefinition } from '../kit/definition.js';
import { importFile } from './import-file.js';
import type { SourceFile } from './source-files.js';

/** Node keeps the modules that it has imported; what they were made of is kept beside. */
const loaded = new Map<string, Promise<EnvironmentDefinition>>();

/**
 * Loads a user's own environment: the default export, or the export `environment`, made with
 * `defineEnvironment`. In such a file `import … from 'ngym'` is this very package, wherever the file lies.
 * Throws NgError when the file cannot be loaded or exports nothing of the kind.
 */
export function loadUserFile(file: string): Promise<EnvironmentDefinition> {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  const loading = loadOnce(file);
  loaded.set(file, loading);
  loading.catch(() => loaded.delete(file));
  return loading;
}

async function loadOnce(file: string): Promise<EnvironmentDefinition> {
  const { module, files } = await importFile(file, errors.environmentFileFailed);
  const found = module['default'] ?? module['environment'];
  if (!isDefinition(found)) throw errors.environmentFileExport(file, Object.keys(module));
  return { ...found, files: digests(file, files) };
}

/** SHA-256 by path relative to the entry's folder, so that a program may move as a whole. */
function digests(entry: string, files: readonly SourceFile[]): Record<string, string> {
  const named = files.map(({ file, sha256 }): [string, string] => [
    path.relative(path.dirname(entry), file).split(path.sep).join('/'),
    sha256,
  ]);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isDefinition(value: unknown): value is EnvironmentDefinition {
  if (!isObject(value)) return false;
  const { name, configKeys, create } = value as Record<string, unknown>;
  return typeof name === 'string' && Array.isArray(configKeys) && typeof create === 'function';
}
