import type { Node } from '../tree/index.js';
import { mapToPlain } from '../tree/index.js';
import type { MapNode } from '../tree/index.js';
import type { ConfigObject, ConfigValue, Origin } from '../types.js';
import { RESERVED_KEYS } from './reserved-keys.js';

/** Fourth type of the reference (0.7.0): it stands before an agent and relays or directs what that plays. */
const TYPE = 'environment_servers';

/** Relays each row to the `/run` of its agent, and nothing else: rows go to the agent itself. */
const RELAY = 'legacy_agent';

/** The agent that such a server stands before, by the server's name; undefined when there is no such server. */
export function agentBehind(values: ConfigObject, name: string): string | undefined {
  const group = inside(inside(values, name), TYPE);
  const [block] = typeof group === 'object' && group !== null ? Object.values(group) : [];
  const agent = inside(inside(block, 'agent_server'), 'name');
  return typeof agent === 'string' ? agent : undefined;
}

/** Those that do more than relay, which nobody does here: the place of each, and its agent. */
export function undirected(root: MapNode): { path: string; agent: string | undefined; origin: Origin }[] {
  return [...root.entries].flatMap(([name, node]) => {
    if (RESERVED_KEYS.has(name)) return [];
    const group = entryOf(node, TYPE);
    if (group?.kind !== 'map') return [];
    const kinds = [...group.entries].filter(([kind]) => kind !== RELAY);
    return kinds.map(([kind, block]) => ({
      path: `${name}.${TYPE}.${kind}`,
      agent: agentBehind(mapToPlain(root), name),
      origin: block.origin,
    }));
  });
}

function entryOf(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? node.entries.get(key) : undefined;
}

function inside(value: ConfigValue | undefined, key: string): ConfigValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
}
