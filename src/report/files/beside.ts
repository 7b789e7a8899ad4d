import path from 'node:path';

/** `dir/name.jsonl` and `_failures.jsonl` → `dir/name_failures.jsonl`: how all files of a run are named. */
export function beside(rollouts: string, suffix: string): string {
  const { dir, name } = path.parse(rollouts);
  return path.join(dir, name + suffix);
}

/** True for the files that a run writes next to its rollouts. */
export function isSideFile(file: string): boolean {
  return /_(materialized_inputs|failures|reward_profiling)\.[^./]+$/.test(file);
}
