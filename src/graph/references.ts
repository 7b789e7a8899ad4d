import type {
  ConfigObject,
  ConfigValue,
  ResolvedConfig,
  ServerInstance,
  ServerType,
} from '../config/index.js';
import { errors } from '../errors/index.js';

function isObject(value: ConfigValue | undefined): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names of all servers of a type, in the configuration's order. */
export function namesOf(resolved: ResolvedConfig, type: ServerType): string[] {
  return resolved.servers.filter((server) => server.type === type).map(({ name }) => name);
}

/** The server of that name and type. Throws NgError when there is none. */
export function serverOf(resolved: ResolvedConfig, name: string, type: ServerType): ServerInstance {
  const found = resolved.servers.find((server) => server.name === name && server.type === type);
  if (found === undefined) throw errors.unknownServer(name, type, namesOf(resolved, type));
  return found;
}

/** The server that `server.config[field]` refers to (`{type, name}`). Throws NgError when there is none. */
export function follow(
  resolved: ResolvedConfig,
  server: ServerInstance,
  field: string,
  type: ServerType,
): ServerInstance {
  const reference = server.config[field];
  const known = namesOf(resolved, type);
  const name = isObject(reference) ? reference.name : undefined;
  if (typeof name !== 'string') throw errors.missingReference(server.name, field, known);
  const found = resolved.servers.find((candidate) => candidate.name === name && candidate.type === type);
  if (found === undefined) throw errors.unknownReference(server.name, field, name, known);
  return found;
}

/** Names of all servers of a type that a block refers to, at any depth: an environment's judges, for example. */
export function mentioned(block: ConfigValue, type: ServerType): string[] {
  if (typeof block !== 'object' || block === null) return [];
  if (isObject(block) && block.type === type && typeof block.name === 'string') return [block.name];
  return Object.values(block).flatMap((value) => mentioned(value, type));
}
