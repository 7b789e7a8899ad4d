import { createRequire, register } from 'node:module';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { HookSettings } from './hooks.js';

let registered = false;

/**
 * Makes the imports of a user's file work: `ngym` (and `zod`, where the user has none) come from this package,
 * and TypeScript is compiled on Node versions that do not strip types themselves. Done once per process.
 */
export function prepareImports(file: string): void {
  const compile = !stripsTypes();
  if (compile && ['.ts', '.mts'].includes(path.extname(file)) && !hasCompiler(file)) {
    throw errors.typescriptMissing(file, process.version);
  }
  // Run from source (by a test runner that resolves and compiles imports itself) there is nothing to add.
  if (registered || import.meta.url.endsWith('.ts')) return;
  const data: HookSettings = {
    entry: new URL('../../index.js', import.meta.url).href,
    here: import.meta.url,
    compile,
  };
  register('./hooks.js', import.meta.url, { data });
  registered = true;
}

/** Node 22.18 and later read TypeScript on their own. */
function stripsTypes(): boolean {
  const { typescript } = process.features as { typescript?: unknown };
  return typescript === 'strip' || typescript === 'transform';
}

/** The compiler may be the user's, next to the file, or ours. */
function hasCompiler(file: string): boolean {
  return [file, import.meta.url].some((from) => {
    try {
      return createRequire(from).resolve('typescript') !== '';
    } catch {
      return false;
    }
  });
}
