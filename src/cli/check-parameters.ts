import { readFileSync } from 'node:fs';
import { errors, nearest } from '../errors/index.js';
import type { ResolvedConfig } from '../index.js';
import type { Invocation } from './command.js';

/**
 * Refuses a top-level scalar of the command line (`+num_repeat=3`) that no command reads, that no config or
 * other argument mentions, and that is nearly the name of a parameter: it would change nothing, silently.
 * Any other key of a user's own passes, as in the reference.
 */
export async function checkParameters(invocation: Invocation, resolved: ResolvedConfig): Promise<void> {
  const candidates = invocation.typed
    .flatMap(scalarKey)
    .filter(({ key }) => !invocation.commandKeys.has(key));
  if (candidates.length === 0) return;
  const { collectKeys, exportKeys } = await import('../index.js');
  const read = await Promise.all([collectKeys(), exportKeys()]);
  const known = new Set([...invocation.commandKeys, ...read.flat()]);
  for (const { key, token } of candidates) {
    if (known.has(key)) continue;
    const near = nearest(
      key,
      [...known].filter((name) => name.length > 3),
    );
    if (near.length > 0 && !isMentioned(key, token, invocation, resolved)) {
      throw errors.unknownParameter(key, near);
    }
  }
}

/** The top-level key that an override sets to a scalar. */
function scalarKey(token: string): { key: string; token: string }[] {
  const key = /^\+{1,2}([A-Za-z_][\w-]{2,})=(?![{[])/.exec(token)?.[1];
  return key === undefined ? [] : [{ key, token }];
}

/** Whether any file or other argument contains the key as a word. */
function isMentioned(key: string, token: string, invocation: Invocation, resolved: ResolvedConfig): boolean {
  const word = new RegExp(`(?<![\\w-])${key}(?![\\w-])`);
  return (
    invocation.overrides.some((other) => other !== token && word.test(other)) ||
    resolved.files.some((file) => word.test(readFileSync(file, 'utf8')))
  );
}
