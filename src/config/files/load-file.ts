import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { errors, NgError } from '../../errors/index.js';
import type { MapNode } from '../tree/index.js';
import type { Origin } from '../types.js';
import { readYaml } from '../yaml/index.js';

/** A configuration, not a dataset. */
const MAX_BYTES = 10 * 1024 * 1024;

/** How a file is named to the user: relative to the working directory when it lies below it. */
export function displayPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

/** Reads and parses a YAML file that exists. */
export async function loadFile(
  file: string,
  cwd: string,
  source: Origin['source'] = 'file',
): Promise<MapNode> {
  const shown = displayPath(file, cwd);
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw errors.configFileTooLarge(shown, size, MAX_BYTES);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof NgError) throw cause;
    throw errors.configFileUnreadable(shown, (cause as NodeJS.ErrnoException).code ?? 'unknown', cause);
  }
  return readYaml(text.replace(/^\uFEFF/, ''), shown, source);
}
