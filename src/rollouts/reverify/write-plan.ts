import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConfigObject, ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import { surveyTasks } from '../dataset/survey.js';
import type { CollectParameters } from '../parameters.js';
import type { Prepared } from '../prepare.js';
import { compareRuns } from '../store/differences.js';
import type { Identity, Wanted } from '../store/identity.js';
import { identityOf } from '../store/identity.js';
import { makeManifest, readManifest, writeManifest } from '../store/manifest.js';
import { existing, moveAside } from '../store/run-files.js';
import type { RunFiles } from '../types.js';
import type { CheckedOptions } from './options.js';
import type { Stored } from './pairs.js';
import { chosen } from './pairs.js';

export interface PlanParts {
  resolved: ResolvedConfig;
  options: CheckedOptions;
  stored: Stored;
  files: RunFiles;
  /** Names of the environments that verify. */
  environments: readonly string[];
  wanted: Wanted;
  now: number;
  clean: (text: string) => string;
  /** Gets the text of each row that is verified. */
  onRow: (text: string) => void;
  notice: (message: string) => void;
}

async function digest(...files: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** What makes two verifications of a run the same. */
export async function identifyVerifying({
  resolved,
  options,
  environments,
  clean,
}: Pick<PlanParts, 'resolved' | 'options' | 'environments' | 'clean'>): Promise<Wanted> {
  const { inputs, rollouts, limit, judgeFailedOnly } = options;
  const digests = { data: await digest(inputs, rollouts), prompt: null, skills: null };
  const own: ConfigObject = { reverify: true, limit, judge_failed_only: judgeFailedOnly };
  const wanted = await identityOf(resolved, {} as CollectParameters, digests, environments);
  const identity = { ...wanted.identity, parameters: own };
  return { ...wanted, identity: JSON.parse(clean(JSON.stringify(identity))) as Identity };
}

/** The plan of a run that goes on in its own files. */
async function ownPlan({ options, files }: PlanParts): Promise<Prepared> {
  if (options.inputs !== files.materializedInputs) {
    throw errors.reverifyForeignInputs(options.inputs, files.materializedInputs);
  }
  const { agents, planned, tasksSha256 } = await surveyTasks(options.inputs, { dataSha256: '' });
  return { resumed: true, agents, planned, tasksSha256 };
}

/**
 * Decides what becomes of an output that exists and leaves materialized inputs and manifest ready; the manifest is
 * written last. Throws NgError.
 */
export async function writePlan(parts: PlanParts): Promise<Prepared> {
  const { resolved, options, stored, files, environments, wanted, now, clean, notice, onRow } = parts;
  if (options.append) return ownPlan(parts);
  const there = existing(files).filter((file) => file !== files.materializedInputs);
  if (there.length > 0 && options.overwrite) {
    const n = await moveAside(existing(files));
    notice(`moved the files of the former run aside: *.old-${n}`);
  } else if (there.length > 0 && !options.resume) {
    throw errors.reverifyOutputExists(there[0]!);
  }
  const { identity } = wanted;
  const manifest = await readManifest(files.manifest);
  if (manifest !== null) {
    const { differing } = await compareRuns(manifest.identity, wanted, environments);
    if (differing.length > 0) throw errors.reverifyDiffers(files.rollouts, differing);
    const { agents, planned, sha256: tasksSha256 } = manifest.tasks;
    return { resumed: true, agents, planned, tasksSha256 };
  }
  const lines = async function* (): AsyncGenerator<string, void, void> {
    for await (const { text } of chosen(stored, options)) yield `${text}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(files.materializedInputs));
  if (options.judgeFailedOnly) await copyFile(options.rollouts, files.rollouts);
  else if (existsSync(files.rollouts)) throw errors.foreignOutput(files.rollouts);
  const plan = await surveyTasks(files.materializedInputs, { dataSha256: identity.data_sha256 }, ({ text }) =>
    onRow(text),
  );
  await writeManifest(files, makeManifest(resolved, options.inputs, identity, plan, now), clean);
  return {
    resumed: options.judgeFailedOnly,
    agents: plan.agents,
    planned: plan.planned,
    tasksSha256: plan.tasksSha256,
  };
}
