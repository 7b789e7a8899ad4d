import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ConfigObject, ConfigValue, ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import type { Plan } from '../dataset/plan.js';
import type { CollectParameters } from '../parameters.js';

/** What makes two runs the same: if all of this is equal, stored rollouts may be kept. */
export interface Identity {
  parameters: ConfigObject;
  /** The servers that take part, without operational keys and with secrets masked. */
  servers: ConfigObject;
  /** SHA-256 of the dataset lines that are used. */
  data_sha256: string;
}

/** The content of `<stem>_manifest.json`. */
export interface Manifest {
  manifest_version: 1;
  tool: { name: string; version: string; node: string };
  created_at: string;
  /** The dataset as the user named it. */
  input: string | null;
  identity: Identity;
  tasks: { sha256: string; rows: number; planned: number; agents: Record<string, number> };
  /** The whole resolved configuration, secrets masked. */
  config: ConfigObject;
}

/**
 * Keys of a server block that change how a run is carried out but not what it measures: addresses, credentials,
 * limits, notes. They may differ between a run and its resumption.
 */
const OPERATIONAL = new RegExp(
  `^(${[
    'host|port|num_workers|base_url|endpoints|default_headers|server_token',
    '.*api_key|.*token|password',
    '.*concurrent_requests|adaptive.*|max_attempts|max_reply_bytes|.*retries|.*timeout.*|.*_seconds|preflight',
    'datasets|domain|verified|description|value|license',
  ].join('|')})$`,
);

function semantic(block: ConfigObject): ConfigObject {
  return Object.fromEntries(Object.entries(block).filter(([key]) => !OPERATIONAL.test(key)));
}

/** Names of all servers that a block refers to, at any depth. */
export function referred(value: ConfigValue): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(referred);
  const { type, name } = value;
  const own = typeof type === 'string' && typeof name === 'string' ? [name] : [];
  return [...own, ...Object.values(value).flatMap(referred)];
}

/** The blocks among `blocks` that these servers reach, themselves included, by name in ascending order. */
export function reached(
  blocks: Readonly<Record<string, ConfigValue>>,
  servers: readonly string[],
): [string, ConfigValue][] {
  const seen = new Map<string, ConfigValue>();
  const queue = [...servers];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const block = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
    if (block === undefined || seen.has(name)) continue;
    seen.set(name, block);
    queue.push(...referred(block));
  }
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The identity of a run in which these agents play. */
export function identityOf(
  resolved: ResolvedConfig,
  parameters: CollectParameters,
  digests: { data: string; prompt: string | null; skills: string | null },
  agents: readonly string[],
): Identity {
  const redacted = resolved.redacted();
  const blocks = resolved.servers.map(({ name, type, implementation }) => {
    const block = ((redacted[name] as ConfigObject)[type] as ConfigObject)[implementation] as ConfigObject;
    return [name, { type, implementation, ...semantic(block) }] as const;
  });
  return {
    parameters: {
      agent_name: parameters.agentName,
      limit: parameters.limit,
      num_repeats: parameters.numRepeats,
      num_repeats_add_seed: parameters.addSeed,
      responses_create_params: parameters.requestOverrides,
      prompt_sha256: digests.prompt,
      skills_hash: digests.skills,
      split: parameters.split,
    },
    servers: Object.fromEntries(reached(Object.fromEntries(blocks), agents)),
    data_sha256: digests.data,
  };
}

/** Leaves by dotted path; empty containers are leaves. */
function leaves(value: ConfigValue, path: string, into: Map<string, string>): Map<string, string> {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, item] of Object.entries(value)) leaves(item, path === '' ? key : `${path}.${key}`, into);
  } else {
    into.set(path, JSON.stringify(value));
  }
  return into;
}

/** `<key>: <stored> → <asked for>` for every leaf that differs. */
export function differences(stored: Identity, wanted: Identity): string[] {
  const before = leaves(stored as unknown as ConfigObject, '', new Map());
  const after = leaves(wanted as unknown as ConfigObject, '', new Map());
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => `${key}: ${before.get(key) ?? '(absent)'} → ${after.get(key) ?? '(absent)'}`);
}

/** Name and version of this program, from its package file. */
export function toolVersion(): { name: string; version: string } {
  const file = new URL('../../../package.json', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return { name, version };
}

export function makeManifest(
  resolved: ResolvedConfig,
  input: string | null,
  identity: Identity,
  plan: Plan,
  now: number,
): Manifest {
  return {
    manifest_version: 1,
    tool: { ...toolVersion(), node: process.version },
    created_at: new Date(now).toISOString(),
    input,
    identity,
    tasks: { sha256: plan.tasksSha256, rows: plan.rows, planned: plan.planned, agents: plan.agents },
    config: resolved.redacted(),
  };
}

/** The manifest in `file`, or null when there is none. */
export async function readManifest(file: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<Manifest>;
    if (value.manifest_version === 1 && value.identity !== undefined && value.tasks !== undefined) {
      return value as Manifest;
    }
  } catch {
    // Told below.
  }
  throw errors.damagedRun(file, undefined, 'it is not a manifest that this version understands');
}
