import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Compiled, HookSettings } from './hooks.js';
import type { SourceFile } from './source-files.js';
import { stripTypes } from './strip-types.js';

let port: MessagePort | undefined;

/**
 * Makes the imports of a user's file work: `ngym` (and `zod`, where the user has none) come from this package, and
 * TypeScript is read the same way on every version of Node. The hooks are registered once per process; what they
 * serve is what was read for `files`.
 */
export function prepareImports(files: readonly SourceFile[]): void {
  // Run from source (by a test runner that resolves and compiles imports itself) there is nothing to add.
  if (import.meta.url.endsWith('.ts')) return;
  port ??= registerHooks();
  const compiled = compile(files);
  if (compiled.size > 0) port.postMessage(compiled);
}

function registerHooks(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const data: HookSettings = {
    entry: new URL('../../index.js', import.meta.url).href,
    here: import.meta.url,
    port: port2,
  };
  register('./hooks.js', import.meta.url, { data, transferList: [port2] });
  port1.unref();
  return port1;
}

function compile(files: readonly SourceFile[]): Compiled {
  const compiled = new Map<string, string>();
  for (const { file, text } of files) {
    if (text === null || !/\.[mc]?ts$/.test(file)) continue;
    try {
      const { code, moved } = stripTypes(file, text);
      // Else stacks would name lines of the rewritten text. Must be on before the module is compiled.
      if (moved) process.setSourceMapsEnabled(true);
      compiled.set(pathToFileURL(file).href, code);
    } catch {
      // Perhaps only named, never imported. If it is, the import fails, and the place is told then.
    }
  }
  return compiled;
}
