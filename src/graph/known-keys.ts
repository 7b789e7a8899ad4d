import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import type { Misspelt } from '../errors/index.js';
import { didYouMean, errors, misspelling } from '../errors/index.js';

/**
 * Looks at the keys of a block that mean nothing to its implementation; gives what is worth telling. With `closed`
 * nothing but the known keys is ever read: a slip of the pen for one that is not given is refused (NgError), since
 * what was meant would not happen. Of the rest, those of a model are all told; environments and agents of the
 * reference have keys that only it reads.
 */
export function checkKeys(
  resolved: ResolvedConfig,
  server: ServerInstance,
  known: readonly string[],
  closed: boolean,
): string[] {
  const { name, type, implementation, config } = server;
  const free = known.filter((key) => !(key in config));
  const ignored: string[] = [];
  const told: string[] = [];
  const slips: Misspelt[] = [];
  for (const key of Object.keys(config).filter((candidate) => !known.includes(candidate))) {
    const meant = misspelling(key, free);
    if (meant !== undefined && closed) {
      const path = `${name}.${type}.${implementation}.${key}`;
      slips.push({ path, key, meant, where: resolved.origin(path) ?? {} });
      continue;
    }
    const suggestion = didYouMean(key, free);
    if (suggestion === '') ignored.push(`"${key}"`);
    else told.push(`${name}: the key "${key}" means nothing to ${implementation}.${suggestion}`);
  }
  if (slips.length > 0) throw errors.misspeltKeys(implementation, slips);
  if (type === 'responses_api_models' && ignored.length > 0) {
    const keys =
      ignored.length === 1 ? `the key ${ignored[0]!} means` : `the keys ${ignored.join(', ')} mean`;
    told.push(`${name}: ${keys} nothing to ${implementation} here.`);
  }
  return told;
}
