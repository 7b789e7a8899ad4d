import { existsSync } from 'node:fs';
import path from 'node:path';
import { referenceRoots } from '../reference/index.js';

/** The folder that holds our `package.json`; this file lies two levels below it, in `src` and in `dist`. */
const PACKAGE = path.resolve(import.meta.dirname, '../..');

/** Environment variable with further folders to look in first, separated like `PATH`. */
export const EXTRA_ROOTS = 'NEMO_GYM_EXTRA_ROOTS';

/**
 * Where relative paths are looked for, in order: `NEMO_GYM_EXTRA_ROOTS`, the working directory, what the package ships
 * (`configs/`, `data/`), and what the user has of the reference (installed for `python`, or unpacked), so that its own
 * paths resolve. Absolute, without repeats.
 */
export function searchRoots(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  python?: string,
): string[] {
  const extra = (env[EXTRA_ROOTS] ?? '').split(path.delimiter).filter((root) => root !== '');
  const own = [...extra.map((root) => path.resolve(cwd, root)), path.resolve(cwd)];
  const ours = [path.join(PACKAGE, 'configs'), path.join(PACKAGE, 'data')];
  return [...new Set([...own, ...ours, ...referenceRoots({ given: python, env, cwd })])];
}

/** Every place a path could be, in search order; one place when it is absolute. */
export function pathCandidates(file: string, roots: readonly string[]): string[] {
  return path.isAbsolute(file) ? [file] : roots.map((root) => path.resolve(root, file));
}

/** The first existing place of a file or folder, absolute; undefined when there is none. */
export function resolvePath(file: string, roots: readonly string[]): string | undefined {
  return pathCandidates(file, roots).find((candidate) => existsSync(candidate));
}
