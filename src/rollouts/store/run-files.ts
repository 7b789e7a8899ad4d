import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import type { RunFiles } from '../types.js';

/** The files of a run whose output is `output` (absolute); names as in the reference. */
export function runFiles(output: string): RunFiles {
  const { dir, name } = path.parse(output);
  const beside = (suffix: string): string => path.join(dir, `${name}_${suffix}`);
  return {
    rollouts: output,
    materializedInputs: beside('materialized_inputs.jsonl'),
    failures: beside('failures.jsonl'),
    aggregateMetrics: beside('aggregate_metrics.json'),
    manifest: beside('manifest.json'),
  };
}

/** The files that exist. */
export function existing(files: RunFiles): string[] {
  return Object.values(files as unknown as Record<string, string>).filter((file) => existsSync(file));
}

/**
 * Renames files to `<file>.old-<n>`, with the smallest n that is free for all of them, so that what belongs
 * together keeps one number. Returns n.
 */
export async function moveAside(files: readonly string[]): Promise<number> {
  let n = 1;
  while (files.some((file) => existsSync(`${file}.old-${n}`))) n += 1;
  for (const file of files) await rename(file, `${file}.old-${n}`);
  return n;
}
