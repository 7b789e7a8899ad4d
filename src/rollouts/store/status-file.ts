import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunStatus } from '../types.js';

/** Where a running process says what it is doing; removed when it ends. */
export function statusFile(output: string): string {
  const { dir, name } = path.parse(output);
  return path.join(dir, `${name}_status.json`);
}

/** Replaces the file in one step; a status that cannot be written is no reason to stop a run. */
export async function writeStatus(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, file);
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

export async function readStatus(file: string): Promise<RunStatus | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as RunStatus;
  } catch {
    return null;
  }
}

export async function removeStatus(output: string): Promise<void> {
  await rm(statusFile(output), { force: true });
}
