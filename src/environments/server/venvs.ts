import path from 'node:path';
import { dataFolder } from '../../reference/index.js';
import type { Env } from '../../reference/index.js';
import type { ServerBlock } from './find-code.js';

type Kind = Pick<ServerBlock, 'type' | 'implementation'>;

/** The virtual environment that is made for one server: where the reference makes it, or in the user's data folder. */
export function prefetchedVenv(
  { type, implementation }: Kind,
  env: Env,
  venvDir: string | undefined,
): string {
  if (venvDir !== undefined) return path.join(path.resolve(venvDir), type, implementation, '.venv');
  return path.join(dataFolder(env), 'venvs', type, implementation);
}

/** Virtual environments of one server, in the order in which they are tried: beside its program, then those made for it. */
export function serverVenvs(kind: Kind, folder: string, env: Env, venvDir: string | undefined): string[] {
  const made = [prefetchedVenv(kind, env, undefined)];
  if (venvDir !== undefined) made.unshift(prefetchedVenv(kind, env, venvDir));
  return [path.join(folder, '.venv'), ...made];
}
