import { COMMANDS } from './command-table.js';
import { OTHER_KEYS } from './parameters.js';

/** Top-level keys that the command table and the reference name. */
export function commandKeys(): Set<string> {
  const keys = COMMANDS.flatMap(({ flags, parameters = [] }) => [
    ...flags.flatMap(({ effect }) => ('key' in effect ? [effect.key] : [])),
    ...parameters.map(({ key }) => key),
  ]);
  return new Set([...keys.map((key) => key.split('.')[0]!), ...OTHER_KEYS]);
}
