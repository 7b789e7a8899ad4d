import type { ServerInstance } from '../config/index.js';
import { nearest } from '../errors/index.js';

/** A warning for each key of a block that is near to a key that means something, and is none itself. */
export function misspeltKeys(server: ServerInstance, known: readonly string[]): string[] {
  const free = known.filter((key) => !(key in server.config));
  return Object.keys(server.config)
    .filter((key) => !known.includes(key))
    .flatMap((key) => {
      const [near] = nearest(key, free);
      return near === undefined
        ? []
        : [
            `${server.name}: the key "${key}" means nothing to ${server.implementation}. Did you mean "${near}"?`,
          ];
    });
}
