import { errors } from '../../errors/index.js';
import { lookup } from '../tree/index.js';
import type { MapNode, Node } from '../tree/index.js';
import type { ServerInstance } from '../types.js';
import { SERVER_TYPES } from '../types.js';

/**
 * Refuses a reference to a server that does not exist: a direct field of a server's block shaped
 * `{type: <server type>, name: <text>}` must name a server of that type.
 */
export function checkReferences(root: MapNode, servers: readonly ServerInstance[]): void {
  for (const server of servers) {
    const path = [server.name, server.type, server.implementation];
    const block = lookup(root, path);
    if (block?.kind !== 'map') continue;
    for (const [key, node] of block.entries) {
      const reference = readReference(node);
      if (reference === undefined) continue;
      const names = servers.filter(({ type }) => type === reference.type).map(({ name }) => name);
      if (names.includes(reference.name)) continue;
      const other = servers.find(({ name }) => name === reference.name);
      const where = { ...reference.node.origin, key: [...path, key].join('.') };
      throw errors.configServerReference(reference.name, reference.type, names, other?.type, where);
    }
  }
}

function readReference(node: Node): { type: string; name: string; node: Node } | undefined {
  if (node.kind !== 'map') return undefined;
  const type = node.entries.get('type');
  const name = node.entries.get('name');
  if (type?.kind !== 'scalar' || name?.kind !== 'scalar' || typeof name.value !== 'string') return undefined;
  if (!SERVER_TYPES.some((known) => known === type.value)) return undefined;
  return { type: type.value as string, name: name.value, node: name };
}
