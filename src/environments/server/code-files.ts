import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ServerCode } from './find-code.js';
import { versionOf } from './prefetch.js';

/** Folders that are no part of the program. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  '__pycache__',
  'data',
  'tests',
  'node_modules',
  'cache',
  'results',
]);
/** Programs, prompts and tables; larger ones are data. Unit: bytes. */
const LARGEST = 1024 * 1024;
const MOST_FILES = 500;

export interface ProgramIdentity {
  /** Of the reference's package that it lies in. */
  version?: string;
  /** SHA-256 by path relative to the program's folder. */
  files: Record<string, string>;
}

function* filesBelow(folder: string, inside = ''): Generator<string> {
  const entries = readdirSync(path.join(folder, inside), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.posix.join(inside, entry.name);
    if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesBelow(folder, name);
    else if (/\.(?:py|ya?ml|json|txt|j2|csv|toml)$/.test(entry.name)) yield name;
  }
}

/** What a server's verdicts depend on, as far as it lies in its folder: a run with other files is another run. */
export function identifyProgram({ folder, root }: ServerCode): ProgramIdentity {
  const version = versionOf(root);
  const files: Record<string, string> = {};
  for (const name of filesBelow(folder)) {
    const file = path.join(folder, name);
    if (Object.keys(files).length >= MOST_FILES) break;
    if (statSync(file).size > LARGEST) continue;
    files[name] = createHash('sha256').update(readFileSync(file)).digest('hex');
  }
  return { ...(version !== undefined && { version }), files };
}
