import { existsSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { RunFiles } from '../types.js';
import type { Manifest } from './manifest.js';
import { writeManifest } from './manifest.js';

/** Copies files to `<file>.old-<n>`, with the smallest n that is free for all of them. Returns n. */
async function copyAside(files: readonly string[]): Promise<number> {
  let n = 1;
  while (files.some((file) => existsSync(`${file}.old-${n}`))) n += 1;
  for (const file of files) await copyFile(file, `${file}.old-${n}`);
  return n;
}

/**
 * Puts a whole rollouts file (beside the run's) in the place of the run's, together with the identity that its rewards
 * have. The manifest names the file first: a process that is killed in between leaves what
 * {@link finishReplacing} completes, never rewards under an identity that is not theirs. Returns the number that the
 * former files were copied aside under.
 */
export async function replaceRollouts(files: RunFiles, draft: string, manifest: Manifest): Promise<number> {
  const n = await copyAside([files.rollouts, files.manifest]);
  const pending: Manifest = { ...manifest, pending_rollouts: path.basename(draft) };
  await writeManifest(files, pending);
  await finishReplacing(files, pending);
  return n;
}

/** Completes what {@link replaceRollouts} began. Gives the manifest as it is then. */
export async function finishReplacing(files: RunFiles, manifest: Manifest): Promise<Manifest> {
  const { pending_rollouts: pending, ...whole } = manifest;
  if (pending === undefined) return manifest;
  const draft = path.join(path.dirname(files.rollouts), path.basename(pending));
  if (existsSync(draft)) await rename(draft, files.rollouts);
  await writeManifest(files, whole);
  return whole;
}
