import { chmod, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { errors } from '../../errors/index.js';
import { writePrivate } from './write-private.js';

/** The reference's client keeps its settings in this form; both read and write the same file. */
export interface ClientConfig {
  current_context?: string;
  clusters: { name: string; base_url: string }[];
  users: { name: string; type: string; token?: string }[];
  contexts: {
    name: string;
    cluster: string;
    user: string;
    workspace?: string;
    preferences?: Record<string, unknown>;
  }[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where to ask, and as whom. */
export interface Target {
  readonly baseUrl: string;
  readonly workspace: string;
  readonly token: string | null;
  readonly outputFormat: string | null;
}

export const DEFAULT_BASE_URL = 'http://localhost:8080';
const DEFAULT_CONTEXT = 'default';

export function configPath(env: Env): string {
  if (env['NMP_CONFIG_FILE'] !== undefined) return env['NMP_CONFIG_FILE'];
  const home = env['XDG_CONFIG_HOME'] ?? path.join(env['HOME'] ?? '.', '.config');
  return path.join(home, 'nmp', 'config.yaml');
}

/** Empty where there is no file yet. */
export async function readConfig(env: Env): Promise<ClientConfig> {
  const file = configPath(env);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { clusters: [], users: [], contexts: [] };
  }
  try {
    const read = (parse(text) ?? {}) as Partial<ClientConfig>;
    return { ...read, clusters: read.clusters ?? [], users: read.users ?? [], contexts: read.contexts ?? [] };
  } catch (error) {
    throw errors.clientConfigUnreadable(file, (error as Error).message.split('\n', 1)[0]!);
  }
}

/** Whole or not at all, for this user alone: it may hold a token. */
export async function writeConfig(env: Env, config: ClientConfig): Promise<void> {
  const file = configPath(env);
  await mkdir(path.dirname(file), { recursive: true });
  await chmod(path.dirname(file), 0o700);
  await writePrivate(file, stringify(config));
}

/** What a flag says, else a variable, else the context of the file, else the default. */
export async function resolveTarget(
  env: Env,
  flags: { baseUrl?: string; workspace?: string },
): Promise<Target> {
  const config = await readConfig(env);
  const name = env['NMP_CURRENT_CONTEXT'] ?? config.current_context;
  const context = config.contexts.find((each) => each.name === (name ?? DEFAULT_CONTEXT));
  if (name !== undefined && context === undefined) {
    throw errors.contextUnknown(
      name,
      config.contexts.map((each) => each.name),
    );
  }
  const cluster = config.clusters.find((each) => each.name === context?.cluster);
  const user = config.users.find((each) => each.name === context?.user);
  const url = flags.baseUrl ?? env['NMP_BASE_URL'] ?? cluster?.base_url ?? DEFAULT_BASE_URL;
  const format = env['NMP_OUTPUT_FORMAT'] ?? context?.preferences?.['output_format'];
  return {
    baseUrl: url.replace(/\/+$/, ''),
    workspace: flags.workspace ?? env['NMP_WORKSPACE'] ?? context?.workspace ?? 'default',
    token: env['NMP_ACCESS_TOKEN'] ?? user?.token ?? null,
    outputFormat: typeof format === 'string' ? format : null,
  };
}

export interface ContextChange {
  baseUrl?: string | undefined;
  workspace?: string | undefined;
  token?: string | undefined;
  preferences?: Record<string, unknown>;
}

/** Makes or changes a context with its cluster and user, named after it. */
export function changeContext(
  config: ClientConfig,
  name: string | undefined,
  change: ContextChange,
): ClientConfig {
  const of = name ?? config.current_context ?? DEFAULT_CONTEXT;
  const known = config.contexts.find((each) => each.name === of);
  const cluster = known?.cluster ?? `${of}-cluster`;
  const user = known?.user ?? `${of}-user`;
  const oldUrl = config.clusters.find((each) => each.name === cluster)?.base_url;
  const preferences = { ...known?.preferences, ...change.preferences };
  const workspace = change.workspace ?? known?.workspace ?? 'default';
  const oldUser = config.users.find((each) => each.name === user) ?? { name: user, type: 'no-auth' };
  const newUser = change.token === undefined ? oldUser : { name: user, type: 'oauth', token: change.token };
  return {
    ...config,
    current_context: config.current_context ?? of,
    clusters: put(config.clusters, { name: cluster, base_url: change.baseUrl ?? oldUrl ?? DEFAULT_BASE_URL }),
    users: put(config.users, newUser),
    contexts: put(config.contexts, {
      name: of,
      cluster,
      user,
      workspace,
      ...(Object.keys(preferences).length > 0 && { preferences }),
    }),
  };
}

function put<T extends { name: string }>(all: readonly T[], one: T): T[] {
  const others = all.filter(({ name }) => name !== one.name);
  return others.length === all.length
    ? [...all, one]
    : all.map((each) => (each.name === one.name ? { ...each, ...one } : each));
}
