import type { Origin } from './types.js';

/** An origin in words: `file.yaml:4`, `argument +limit=5`, `a default`. */
export function formatOrigin(origin: Origin): string {
  if (origin.source === 'argument') return `argument ${origin.text ?? ''}`.trimEnd();
  if (origin.file !== undefined)
    return [origin.file, origin.line].filter((part) => part !== undefined).join(':');
  return 'a default of the command';
}
