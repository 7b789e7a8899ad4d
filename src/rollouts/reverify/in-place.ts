import { existsSync } from 'node:fs';
import { appendFile, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigObject } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import { compareRuns } from '../store/differences.js';
import type { Identity, Wanted } from '../store/identity.js';
import { reached } from '../store/identity.js';
import { repairJournal } from '../store/journal.js';
import type { Manifest } from '../store/manifest.js';
import { readManifest } from '../store/manifest.js';
import { finishReplacing, replaceRollouts } from '../store/replace-rollouts.js';
import { existing, runFiles } from '../store/run-files.js';
import type { RunFiles, RunSummary } from '../types.js';

/** Where new rewards are collected until all are there; the name is told nowhere and ours to delete. */
export function draftOf(rollouts: string): string {
  const { dir, name, ext } = path.parse(rollouts);
  return path.join(dir, `${name}_reverifying${ext}`);
}

/** Goes on with a draft of the very same verification; any other is forgotten. */
export async function prepareDraft(
  rollouts: string,
  wanted: Wanted,
  environments: readonly string[],
): Promise<void> {
  const manifest = await readManifest(runFiles(draftOf(rollouts)).manifest).catch(() => null);
  const same =
    manifest !== null && (await compareRuns(manifest.identity, wanted, environments)).differing.length === 0;
  if (!same) await removeDraft(rollouts);
}

export async function removeDraft(rollouts: string): Promise<void> {
  for (const file of existing(runFiles(draftOf(rollouts)))) await rm(file, { force: true });
}

/** The run whose rewards are to be replaced, with its files in order. Throws NgError when there is none. */
export async function openRun(rollouts: string): Promise<Manifest> {
  const files = runFiles(rollouts);
  const manifest = await readManifest(files.manifest);
  if (manifest === null) throw errors.noRun(rollouts);
  const whole = await finishReplacing(files, manifest);
  await repairJournal(files);
  return whole;
}

function environmentsOf(servers: ConfigObject, from: readonly string[]): string[] {
  return reached(servers, from).flatMap(([name, block]) =>
    (block as ConfigObject)['type'] === 'resources_servers' ? [name] : [],
  );
}

/**
 * The identity of a run once its replies were scored by these verifiers: all else stays as it was. Throws NgError when
 * the run was played with other environments, since then more than the scoring differs.
 */
export function rescored(
  file: string,
  { identity, tasks }: Manifest,
  { identity: verifying }: Pick<Wanted, 'identity'>,
  environments: readonly string[],
): Identity {
  const played = environmentsOf(identity.servers, Object.keys(tasks.agents)).sort();
  const now = [...environments].sort();
  if (played.join() !== now.join()) throw errors.reverifyOtherEnvironments(file, played, now);
  const old = new Set(reached(identity.servers, played).map(([name]) => name));
  const kept = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !old.has(name)));
  return {
    ...identity,
    servers: { ...kept(identity.servers), ...verifying.servers },
    code: { ...kept(identity.code ?? {}), ...verifying.code },
  };
}

/** Puts the new rewards in the place of the old ones. `played` is what came of verifying. */
export async function takeOver(
  rollouts: string,
  manifest: Manifest,
  played: RunSummary,
  cwd: string,
  notice: (message: string) => void,
): Promise<RunSummary> {
  const files = runFiles(rollouts);
  const draft: RunFiles = runFiles(draftOf(rollouts));
  const { scored, failed, masked, owed, cancelled } = played.balance;
  if (owed + cancelled > 0) {
    return { ...played, next: 'The run is as it was. Run the same command again to go on.' };
  }
  // What could not be verified has no reward now, and is played again by the run.
  if (failed > 0) await appendFile(files.failures, await readFile(draft.failures));
  const n = await replaceRollouts(files, draft.rollouts, manifest);
  if (existsSync(draft.aggregateMetrics)) await rename(draft.aggregateMetrics, files.aggregateMetrics);
  await removeDraft(rollouts);
  notice(
    `the run's rewards are those of the verifier as it is now; the former ones are in ${files.rollouts}.old-${n}`,
  );
  const left = manifest.tasks.planned - scored - masked;
  const next =
    left === 0
      ? `ng eval report ${path.relative(cwd, files.rollouts)}`
      : `Repeat the run's own command to play the ${left} ${left === 1 ? 'rollout that has' : 'rollouts that have'} no result.`;
  return { ...played, files, next };
}
