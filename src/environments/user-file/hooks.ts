import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { receiveMessageOnPort } from 'node:worker_threads';
import { resolveRelative } from './source-files.js';
import { stripTypes } from './strip-types.js';

/**
 * Module hooks for users' environment files. Runs in Node's loader thread: it shares nothing with the rest of
 * the program but these settings.
 */
export interface HookSettings {
  /** URL of this package's public entry. */
  entry: string;
  /** URL of a file of this package, to resolve its dependencies from. */
  here: string;
  /** Brings {@link Compiled} files, before they are imported. */
  port: MessagePort;
}

/** JavaScript that a TypeScript file came to, by the file's URL. */
export type Compiled = ReadonlyMap<string, string>;

let settings: HookSettings | undefined;
const compiled = new Map<string, string>();

export const initialize: InitializeHook<HookSettings> = (given) => {
  settings = given;
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  if (specifier === 'ngym') return { url: settings!.entry, shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    if (specifier === 'zod') return next(specifier, { ...context, parentURL: settings!.here });
    const { parentURL } = context;
    if (!/^\.{1,2}\//.test(specifier) || parentURL?.startsWith('file:') !== true) throw error;
    const found = resolveRelative(specifier, path.dirname(fileURLToPath(parentURL)));
    if (found === undefined) throw error;
    return next(pathToFileURL(found).href, context);
  }
};

export const load: LoadHook = async (url, context, next) => {
  if (!/^file:.*\.[mc]?ts(?:[?#]|$)/.test(url)) return next(url, context);
  for (let sent = take(); sent !== undefined; sent = take()) {
    for (const [key, code] of sent) compiled.set(key, code);
  }
  const file = fileURLToPath(url);
  const source =
    compiled.get(pathToFileURL(file).href) ?? stripTypes(file, await readFile(file, 'utf8')).code;
  return { format: file.endsWith('.cts') ? 'commonjs' : 'module', source, shortCircuit: true };
};

function take(): Compiled | undefined {
  const received = receiveMessageOnPort(settings!.port);
  return received?.message as Compiled | undefined;
}
