import type { ConfigObject, ConfigValue, ResolvedConfig, ServerInstance } from '../../config/index.js';
import { NgError } from '../../errors/index.js';
import type { CodeIdentity, Semantic } from '../../graph/index.js';
import { identifyPart, isElsewhere } from '../../graph/index.js';
import type { ReverifyMode } from '../../protocol/index.js';
import type { CollectParameters } from '../parameters.js';

/** What makes two runs the same: if all of this is equal, stored rollouts may be kept. */
export interface Identity {
  parameters: ConfigObject;
  /** The servers that take part, without operational keys and with secrets masked. */
  servers: ConfigObject;
  /** The programs behind them. Absent in manifests of the first version, which did not record it. */
  code?: Record<string, CodeIdentity>;
  /** SHA-256 of the dataset lines that are used. */
  data_sha256: string;
}

/** The identity of a run as it is asked for, and what is known of its parts beside. */
export interface Wanted {
  identity: Identity;
  /** By server name; of all servers of the configuration that take part. */
  semantic: ReadonlyMap<string, Semantic>;
  /** Of the environments. */
  reverifyModes: ReadonlyMap<string, ReverifyMode>;
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

/** A server of which nothing but its block is known here. */
function unknownPart(block: ConfigObject): Awaited<ReturnType<typeof identifyPart>> {
  return { block, semantic: (given) => Promise.resolve(given) };
}

/** Those that were given: a run without them is the same as one from before there were any. */
function given(parameters: Readonly<Record<string, object | null | undefined>>): ConfigObject {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value != null)) as ConfigObject;
}

/** The identity of a run in which these agents play. Throws NgError when a user's file cannot be loaded. */
export async function identityOf(
  resolved: ResolvedConfig,
  parameters: CollectParameters,
  digests: { data: string; prompt: string | null; skills: string | null },
  agents: readonly string[],
): Promise<Wanted> {
  const redacted = resolved.redacted();
  const blocks = Object.fromEntries(
    resolved.servers.map(({ name, type, implementation }) => [
      name,
      ((redacted[name] as ConfigObject)[type] as ConfigObject)[implementation] as ConfigObject,
    ]),
  );
  const servers: ConfigObject = {};
  const code: Record<string, CodeIdentity> = {};
  const semantic = new Map<string, Semantic>();
  const reverifyModes = new Map<string, ReverifyMode>();
  const serverOf = (name: string): ServerInstance => resolved.servers.find((one) => one.name === name)!;
  // What only agents elsewhere refer to may run there, and need not be here.
  const here = new Set(
    reached(
      blocks,
      agents.filter((name) => blocks[name] !== undefined && !isElsewhere(serverOf(name))),
    ).map(([name]) => name),
  );
  for (const [name, block] of reached(blocks, agents)) {
    const server = serverOf(name);
    const part = await identifyPart(resolved, server, block as ConfigObject).catch((error: unknown) => {
      if (here.has(name) || !(error instanceof NgError)) throw error;
      return unknownPart(block as ConfigObject);
    });
    servers[name] = { type: server.type, implementation: server.implementation, ...part.block };
    semantic.set(name, part.semantic);
    if (part.code !== undefined) code[name] = part.code;
    if (part.reverifyMode !== undefined) reverifyModes.set(name, part.reverifyMode);
  }
  const identity: Identity = {
    parameters: {
      agent_name: parameters.agentName,
      limit: parameters.limit,
      num_repeats: parameters.numRepeats,
      num_repeats_add_seed: parameters.addSeed,
      responses_create_params: parameters.requestOverrides,
      prompt_sha256: digests.prompt,
      skills_hash: digests.skills,
      split: parameters.split,
      ...given({
        agent_map: parameters.agentMap,
        fan_out: parameters.fanOut,
        unanswered: parameters.unanswered,
      }),
    },
    servers,
    code,
    data_sha256: digests.data,
  };
  return { identity, semantic, reverifyModes };
}
