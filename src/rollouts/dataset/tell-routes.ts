import type { CollectParameters } from '../parameters.js';
import type { Plan } from './plan.js';
import type { Router } from './routing.js';
import { DEFAULT_ROUTE } from './routing.js';

interface RoutesToTell {
  parameters: Pick<CollectParameters, 'numRepeats' | 'agentMap' | 'fanOut'>;
  notice: (message: string, level?: 'info' | 'warn') => void;
}

/** Says which rows are played by another agent than they name, and what names nothing: most likely a slip of the pen. */
export function tellRoutes(
  { parameters, notice }: RoutesToTell,
  plan: Pick<Plan, 'agents'>,
  { named, rerouted }: Router,
): void {
  if (rerouted.size > 0) {
    const rows = [...rerouted.values()].reduce((sum, count) => sum + count, 0);
    const changes = [...rerouted].map(([change, count]) => `${change} (${count})`);
    notice(
      `${rows === 1 ? 'one row is' : `${rows} rows are`} routed to another agent than named: ${changes.join(', ')}`,
      'warn',
    );
  }
  const { numRepeats, agentMap, fanOut } = parameters;
  const tellUnseen = (key: string, mapping: object | null, seen: (name: string) => boolean): void => {
    const unseen = Object.keys(mapping ?? {}).filter((name) => name !== DEFAULT_ROUTE && !seen(name));
    if (unseen.length > 0) notice(`${key} names agents that no row refers to: ${unseen.join(', ')}`, 'warn');
  };
  const isRow = (name: string): boolean => named.has(name);
  tellUnseen('agent_map', agentMap, isRow);
  tellUnseen('fan_out', fanOut, isRow);
  if (typeof numRepeats !== 'number') {
    tellUnseen('num_repeats', numRepeats, (name) => isRow(name) || name in plan.agents);
  }
}
