import type { Pattern } from './scalars.js';

/** Names of everything that is made by a user. Unlike Python's `$`, ours does not pass over a newline at the end. */
export const NAME: Pattern = {
  matches: /^[a-z](?!.*--)[a-z0-9\-@.+_]{1,62}(?<!-)$/,
  printed: '^[a-z](?!.*--)[a-z0-9\\-@.+_]{1,62}(?<!-)$',
};

/** `\w` is Python's: letters and digits of any script. */
export const PROJECT: Pattern = { matches: /^[\p{L}\p{N}_\-./]+$/u, printed: '^[\\w\\-./]+$' };
