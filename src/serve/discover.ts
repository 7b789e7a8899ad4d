import {
  loadConfig,
  plainYaml,
  SERVER_TYPES,
  type ConfigObject,
  type ConfigValue,
  type LoadOptions,
  type ResolvedConfig,
} from '../config/index.js';
import { errors } from '../errors/index.js';
import { implementations } from '../graph/index.js';
import { CallFailure, isObject } from '../protocol/index.js';
import { ask, headAddress, urlOf } from './head/index.js';
import { tokenOf } from './settings.js';

const HEAD_MS = 5_000;

/**
 * The two-terminal flow: a configuration without agents gets the servers of the running head server, every agent
 * as the remote twin at its real address. One with agents is returned as it is. Throws NgError when no head answers.
 */
export async function discoverHead(resolved: ResolvedConfig, options: LoadOptions): Promise<ResolvedConfig> {
  if (resolved.servers.some(({ type }) => type === 'responses_api_agents')) return resolved;
  const { host, port } = headAddress(resolved);
  const headUrl = urlOf(host, port);
  const token = tokenOf(resolved.values);
  const yaml = await askHead(headUrl, token);
  const servers = serverBlocks(plainYaml(yaml, `${headUrl}/global_config_dict_yaml`));
  return loadConfig({ implementations, ...options, initial: { ...options.initial, ...servers } });
}

async function askHead(headUrl: string, token: string | null): Promise<string> {
  try {
    const yaml = await ask(headUrl, '/global_config_dict_yaml', { token, timeoutMs: HEAD_MS });
    if (typeof yaml === 'string') return yaml;
    throw new Error('the answer is not a text');
  } catch (error) {
    if (error instanceof CallFailure && error.kind === 'auth') throw errors.headNeedsToken(headUrl);
    throw errors.headNotFound(headUrl, (error as Error).message);
  }
}

/** The server blocks of the head's configuration; its command parameters and settings are not ours. */
function serverBlocks(config: ConfigObject): ConfigObject {
  const blocks: ConfigObject = {};
  for (const [name, block] of Object.entries(config)) {
    const placed = placedBlock(block);
    if (placed !== undefined) blocks[name] = placed;
  }
  return blocks;
}

/** The block with `base_url` where its server answers; undefined when it is no server block. */
function placedBlock(block: ConfigValue): ConfigValue | undefined {
  if (!isObject(block)) return undefined;
  const [type] = Object.keys(block);
  if (!SERVER_TYPES.some((known) => known === type)) return undefined;
  const group = block[type!];
  if (!isObject(group)) return undefined;
  // Models and environments stay as they are: the agents have theirs, ours only declare metrics.
  if (type !== 'responses_api_agents') return block;
  const agents = Object.entries(group).map(([name, config]) => [name, withAddress(config)]);
  return { [type]: Object.fromEntries(agents) as ConfigObject };
}

function withAddress(config: ConfigValue | undefined): ConfigValue {
  if (!isObject(config)) return null;
  const { host, port, base_url: given } = config;
  if (typeof given === 'string' || typeof host !== 'string' || typeof port !== 'number') return config;
  return { ...config, base_url: urlOf(host, port) };
}
