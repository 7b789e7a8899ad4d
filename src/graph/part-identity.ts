import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import type { ConfigObject, ConfigValue, ResolvedConfig, ServerInstance } from '../config/index.js';
import type { EnvironmentDefinition } from '../environments/index.js';
import type { ReverifyMode } from '../protocol/index.js';
import { NOTE_KEYS, SERVING_KEYS } from '../protocol/index.js';
import { systemClock } from '../transport/index.js';
import { isForeign } from './foreign.js';
import type { Registries } from './registries.js';
import { BUILT_IN, isElsewhere } from './registries.js';

/** The program behind a server, as far as it runs in this process and is not the same in every run. */
export interface CodeIdentity {
  /** Of a built-in part, or as its author counts. */
  version?: number | string;
  /** A user's own program: SHA-256 by path relative to the entry's folder. */
  files?: Record<string, string>;
  /** Files that a block names, of a user's program or of one that reads them: SHA-256 by key of the block. */
  named?: Record<string, string>;
  /** Texts that a built-in environment reads though its block does not name them, a judge's prompt: SHA-256 by place. */
  texts?: Record<string, string>;
}

/** What decides the part of a rollout that a server plays. */
export interface PartIdentity {
  /** Its block, secrets masked, without the keys that its type declares operational. */
  block: ConfigObject;
  /** Undefined: nothing that could change is known of it. */
  code?: CodeIdentity;
  /** Environments: whether stored replies can be verified again, as far as is known without asking. */
  reverifyMode?: ReverifyMode;
}

/** The same for a block that was stored: what is operational now is left out of it too. */
export type Semantic = (block: ConfigObject) => Promise<ConfigObject>;

const without = (block: ConfigObject, keys: readonly string[]): ConfigObject =>
  Object.fromEntries(Object.entries(block).filter(([key]) => !keys.includes(key)));

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Texts of a block, by dotted key. */
function* texts(value: ConfigValue, key = ''): Generator<[string, string]> {
  if (typeof value === 'string') yield [key, value];
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value))
      yield* texts(item, key === '' ? name : `${key}.${name}`);
  }
}

/** A user's program reads what its block names (a judge's prompt, a table): the content decides, not the name. */
async function namedFiles(block: ConfigObject, roots: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, text] of texts(block)) {
    if (text === '' || text.length > 4096 || text.includes('\0')) continue;
    const file = roots
      .map((root) => path.resolve(root, text))
      .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
    if (file !== undefined) found[key] = await sha256(file).catch(() => 'unreadable');
  }
  return found;
}

/** What a built-in environment reads of the reference's or of the user's. Throws NgError for what is missing. */
function textsOf(
  definition: EnvironmentDefinition,
  config: ConfigObject,
  roots: readonly string[],
): Record<string, string> {
  if (definition.files !== undefined) return {};
  const texts = definition.textsOf?.(config, { clock: systemClock, random: Math.random, roots }) ?? {};
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return Object.fromEntries(Object.entries(texts).map(([place, text]) => [place, digest(text)]));
}

async function codeOf(
  definition: EnvironmentDefinition,
  block: ConfigObject,
  config: ConfigObject,
  roots: readonly string[],
): Promise<CodeIdentity> {
  const { name, version, files, readsFiles = false } = definition;
  const own = (root: string): string => path.join(root, 'resources_servers', name);
  const texts = textsOf(definition, config, roots);
  const places = readsFiles ? roots.flatMap((root) => [own(root), root]) : roots;
  const named = files === undefined && !readsFiles ? {} : await namedFiles(block, places);
  return {
    ...(version === undefined ? {} : { version }),
    ...(files === undefined ? {} : { files: { ...files } }),
    ...(Object.keys(named).length === 0 ? {} : { named }),
    ...(Object.keys(texts).length === 0 ? {} : { texts }),
  };
}

/** How a server's block is reduced to what decides a rollout; a type that nobody knows keeps all of it. */
async function semanticOf(
  server: ServerInstance,
  registries: Registries,
  definition: EnvironmentDefinition | undefined,
): Promise<Semantic> {
  if (server.type === 'responses_api_models') {
    const type = await registries.model(server);
    return async (block) => (await type?.identity(block)) ?? block;
  }
  const keys = definition?.operational ?? registries.agent(server)?.operational ?? [];
  return (block) => Promise.resolve(without(block, keys));
}

/** A program that is started: its files decide, and every key of its block but those of its address. */
async function identifyForeign(
  resolved: ResolvedConfig,
  server: ServerInstance,
  masked: ConfigObject,
): Promise<PartIdentity & { semantic: Semantic }> {
  const { findServerCode, identifyProgram } = await import('../environments/server/index.js');
  const found = findServerCode(server, resolved.roots);
  // Of a program that nobody has seen, any key may matter.
  const keys = found === undefined ? [] : [...SERVING_KEYS, ...NOTE_KEYS];
  const semantic: Semantic = (block) => Promise.resolve(without(block, keys));
  const block = await semantic(masked);
  return { block, semantic, ...(found !== undefined && { code: identifyProgram(found) }) };
}

/**
 * Says of one server what a run must share with its resumption. `masked` is its block with secrets masked. Loads the
 * program of an environment; makes nothing. Throws NgError when a user's file cannot be loaded.
 */
export async function identifyPart(
  resolved: ResolvedConfig,
  server: ServerInstance,
  masked: ConfigObject,
  registries: Registries = BUILT_IN,
): Promise<PartIdentity & { semantic: Semantic }> {
  if (isForeign(server, resolved)) return identifyForeign(resolved, server, masked);
  const definition =
    server.type === 'resources_servers' ? await registries.environment(server, resolved) : undefined;
  const semantic = await semanticOf(server, registries, definition);
  const block = await semantic(masked);
  const mode = definition?.reverifyMode;
  if (definition === undefined || isElsewhere(server)) return { block, semantic };
  const code = await codeOf(definition, block, server.config, resolved.roots);
  return { block, semantic, code, ...(mode === undefined ? {} : { reverifyMode: mode }) };
}
