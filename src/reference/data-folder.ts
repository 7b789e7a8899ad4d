import { homedir } from 'node:os';
import path from 'node:path';

/** Where the user's own additions are kept: `NGYM_DATA_DIR`, else the place that the XDG rules give. */
export function dataFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['NGYM_DATA_DIR'];
  if (own) return path.resolve(own);
  const shared = env['XDG_DATA_HOME'];
  // The rules say that a relative one is no place.
  const base =
    shared !== undefined && path.isAbsolute(shared)
      ? shared
      : path.join(env['HOME'] ?? homedir(), '.local', 'share');
  return path.join(base, 'ngym');
}
