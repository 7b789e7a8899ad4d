import { existsSync } from 'node:fs';
import path from 'node:path';

/** A server block, as far as it says where its program is. */
export interface ServerBlock {
  readonly name: string;
  readonly type: string;
  readonly implementation: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ServerCode {
  /** Where it runs: the server's own folder. Absolute. */
  folder: string;
  /** Below `folder`. */
  entrypoint: string;
  /** The root that it was found in: programs of the reference import each other from there. */
  root: string;
}

/** What a block runs where nothing is said. */
const DEFAULT_ENTRYPOINT = 'app.py';

function entrypointOf({ config }: ServerBlock): string {
  const { entrypoint } = config;
  return typeof entrypoint === 'string' && entrypoint !== '' ? entrypoint : DEFAULT_ENTRYPOINT;
}

/**
 * The Python program of a server block: `<type>/<implementation>/<entrypoint>` in the first root that has it, as the
 * reference lays its servers out, else the entrypoint as a path of its own. Undefined where there is none.
 */
export function findServerCode(block: ServerBlock, roots: readonly string[]): ServerCode | undefined {
  const entrypoint = entrypointOf(block);
  if (!entrypoint.endsWith('.py')) return undefined;
  for (const root of roots) {
    const folder = path.join(root, block.type, block.implementation);
    if (existsSync(path.join(folder, entrypoint))) return { folder, entrypoint, root };
  }
  for (const root of roots) {
    const file = path.resolve(root, entrypoint);
    // A bare name that lies in a root is somebody else's.
    if (entrypoint.includes('/') && existsSync(file)) {
      return { folder: path.dirname(file), entrypoint: path.basename(file), root };
    }
  }
  return undefined;
}
