import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { metricValues } from '../metric-values.js';
import type { ExportOptions } from '../types.js';
import { logFile } from './log-file.js';
import { randomId } from './random-id.js';
import { runRecords } from './records.js';
import { storeTable } from './table.js';
import { makeFolder } from '../../../files/index.js';

/** Where to, from the configuration. The key is not among it: `wandb sync` logs in by itself. */
export interface WandbTarget {
  project: string;
  name: string;
  /** The folder that gets `wandb/`; null: that of the rollouts. */
  resultsDir: string | null;
}

const ID_LENGTH = 8;

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Null unless project, name and key are all configured, as the reference wants it. */
export function wandbTarget(config: ExportOptions['config']): WandbTarget | null {
  const project = words(config.wandb_project);
  const name = words(config.wandb_name);
  if (project === null || name === null || words(config.wandb_api_key) === null) return null;
  return { project, name, resultsDir: words(config.results_dir) };
}

/** `20261121_060000`, UTC. */
const stamp = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');

/** Quoted for a POSIX shell where that is needed. */
const quoted = (word: string): string =>
  /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Writes an offline run of W&B, which `wandb sync` uploads: nothing is sent. Its log is the last file to appear, and a
 * run that could not be written is removed.
 */
export async function exportWandb(target: WandbTarget, options: ExportOptions): Promise<string> {
  const { files, redacted } = options;
  const startedAt = (options.now ?? Date.now)();
  const id = randomId(ID_LENGTH);
  const home = path.resolve(target.resultsDir ?? path.dirname(files.rollouts));
  const dir = path.join(home, 'wandb', `offline-run-${stamp(startedAt)}-${id}`);
  const log = path.join(dir, `run-${id}.wandb`);
  const run = { id, project: target.project, name: target.name, startedAt, config: redacted };
  try {
    await makeFolder(path.join(dir, 'files'));
    const table = options.config.upload_rollouts === false ? null : await storeTable(files.rollouts, dir);
    const metrics = await metricValues(files.aggregateMetrics);
    await writeFile(`${log}.part`, logFile(runRecords(run, metrics, table)));
    await rename(`${log}.part`, log);
  } catch (error) {
    // A failure to clean up must not hide why it failed.
    await rm(dir, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  return (
    `Weights & Biases: offline run "${target.name}" of project "${target.project}"; ` +
    `upload it with: wandb sync ${quoted(dir)}`
  );
}
