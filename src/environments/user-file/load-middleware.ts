import { existsSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import { isObject, type Middleware } from '../../protocol/index.js';
import { importFile } from './import-file.js';

/** Of what ships: a user's own has another name. */
const TAKEN = ['ngym', 'nemo-switchyard'];

/**
 * A user's own middleware from a file: its default export, or the export `middleware`, made with `defineMiddleware`.
 * Throws NgError when there is none.
 */
export async function loadMiddleware(file: string, cwd: string): Promise<Middleware> {
  const whole = path.resolve(cwd, file);
  if (!existsSync(whole)) throw errors.middlewareFileNotFound(whole);
  const { module } = await importFile(whole, errors.middlewareFileFailed);
  const found = module['default'] ?? module['middleware'];
  if (!isMiddleware(found)) throw errors.middlewareFileExport(whole, Object.keys(module));
  if (TAKEN.includes(found.name)) throw errors.middlewareNameTaken(whole, found.name);
  return found;
}

function isMiddleware(value: unknown): value is Middleware {
  if (!isObject(value)) return false;
  const { name, open } = value as Record<string, unknown>;
  return typeof name === 'string' && name !== '' && typeof open === 'function';
}
