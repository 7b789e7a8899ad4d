import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const LOCK = path.join(REPOSITORY, 'node_modules', '.ngym-build-lock');
const STALE_MS = 120_000;

/**
 * Compiles the program when a source is newer than the last build; test files that run at once take turns.
 * With `NGYM_NO_BUILD` set, the build that is there is tested.
 */
export async function ensureBuilt(): Promise<void> {
  if (process.env['NGYM_NO_BUILD'] !== undefined) return;
  await acquire();
  try {
    const { status } = spawnSync(process.execPath, [path.join(REPOSITORY, '.ci/ensure-ready.mjs')], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) throw new Error('the program does not compile: run "npm run build"');
  } finally {
    rmdirSync(LOCK);
  }
}

async function acquire(): Promise<void> {
  for (;;) {
    try {
      mkdirSync(LOCK);
      return;
    } catch {
      if (Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0) > STALE_MS) {
        rmdirSync(LOCK, { recursive: false });
      }
      await sleep(100);
    }
  }
}
