import { pathToFileURL } from 'node:url';
import { errors, NgError } from '../../errors/index.js';
import { isObject } from '../../protocol/index.js';
import type { EnvironmentDefinition } from '../definition.js';
import { prepareImports } from './prepare-imports.js';

/**
 * Loads a user's own environment: the default export, or the export `environment`, made with
 * `defineEnvironment`. In such a file `import … from 'ngym'` is this very package, wherever the file lies.
 * Throws NgError when the file cannot be loaded or exports nothing of the kind.
 */
export async function loadUserFile(file: string): Promise<EnvironmentDefinition> {
  prepareImports(file);
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof NgError) throw error;
    throw errors.environmentFileFailed(file, error instanceof Error ? error : new Error(String(error)));
  }
  const found = module['default'] ?? module['environment'];
  if (isDefinition(found)) return found;
  throw errors.environmentFileExport(file, Object.keys(module));
}

function isDefinition(value: unknown): value is EnvironmentDefinition {
  if (!isObject(value)) return false;
  const { name, configKeys, create } = value as Record<string, unknown>;
  return typeof name === 'string' && Array.isArray(configKeys) && typeof create === 'function';
}
