import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { errors } from '../errors/index.js';
import type { Plan } from './dataset/plan.js';
import { Materializer } from './dataset/materializer.js';
import { readLines } from './dataset/lines.js';
import { tellRoutes } from './dataset/tell-routes.js';
import { digestData, materialize } from './dataset/plan.js';
import { surveyTasks } from './dataset/survey.js';
import type { Comparison } from './store/differences.js';
import { compareRuns } from './store/differences.js';
import type { Identity, Wanted } from './store/identity.js';
import type { Manifest } from './store/manifest.js';
import { readManifest, writeManifest } from './store/manifest.js';
import { finishReplacing } from './store/replace-rollouts.js';
import { LEAD_LINES, Planning } from './planning.js';
import type { PrepareContext, Sources } from './prepare-sources.js';
import { identify, materials, readSources, saveManifest } from './prepare-sources.js';
import { reuseRollouts } from './reuse.js';
import { repairTail } from './store/append-file.js';
import { existing, moveAside } from './store/run-files.js';
import type { RunFiles } from './types.js';

export interface Prepared {
  resumed: boolean;
  /** Planned rollouts by agent. */
  agents: Readonly<Record<string, number>>;
  planned: number;
  /** SHA-256 of the materialized inputs. */
  tasksSha256: string;
  /** More is being planned while this is played. */
  planning?: Planning;
}

function preparedFrom(resumed: boolean, plan: Pick<Plan, 'agents' | 'planned' | 'tasksSha256'>): Prepared {
  return { resumed, agents: plan.agents, planned: plan.planned, tasksSha256: plan.tasksSha256 };
}

/** In the place of a digest that is not known before the whole dataset was read. */
const UNFINISHED = 'unfinished';
/** Lines between two words on how far the check of a dataset is. */
const TOLD_EVERY = 100_000;

/** The manifest is written last: where it is, the materialized inputs are whole. */
async function startAnew(context: PrepareContext): Promise<Prepared> {
  const { files, input, parameters } = context;
  const sources = await readSources(context);
  const leftovers = existing(files).filter((file) => file !== files.materializedInputs);
  if (leftovers.length > 0) {
    const n = await moveAside(leftovers);
    context.notice(
      `moved files of an unknown run aside: ${leftovers.map((file) => `${file}.old-${n}`).join(', ')}`,
    );
  }
  const made = await Materializer.open(materials(context, sources));
  try {
    const more = await made.block(LEAD_LINES);
    if (more && parameters.checkDataset === 'beside' && input.agents !== null) {
      return await startBeside(context, sources, made);
    }
    if (more) await planRest(context, made);
    made.check();
    const plan = await made.commit();
    const agents = Object.keys(plan.agents);
    await context.start(agents);
    const { identity } = await identify(context, sources, plan.dataSha256, agents);
    await saveManifest(context, identity, plan);
    tellRoutes(context, plan, made.router);
    return preparedFrom(false, plan);
  } catch (error) {
    await made.abandon();
    await rm(files.materializedInputs, { force: true });
    throw error;
  }
}

/** Plays the first block of a large dataset while the rest is planned: a bad line there is one failed rollout. */
async function startBeside(context: PrepareContext, sources: Sources, made: Materializer): Promise<Prepared> {
  const { files, notice } = context;
  made.check();
  await made.flush();
  const agents = [...context.input.agents!];
  await context.start(agents);
  const { identity } = await identify(context, sources, UNFINISHED, agents);
  const save = async (): Promise<void> => {
    const plan = { ...made.soFar(), tasksSha256: UNFINISHED };
    const planning = { rows: made.rows, data_sha256: made.digest() };
    await saveManifest(context, identity, plan, planning);
  };
  await save();
  notice(
    `playing the first ${made.rows} rows while the rest is checked; +check_dataset=first checks all of them before`,
  );
  const planning = new Planning({
    made,
    file: `${files.materializedInputs}.partial`,
    stray: agents[0]!,
    save,
    finish: async (plan) => {
      await saveManifest(context, { ...identity, data_sha256: plan.dataSha256 }, plan);
      notice(`all ${plan.rows} rows are checked: ${plan.planned} rollouts planned`);
      tellRoutes(context, plan, made.router);
    },
  });
  return { ...preparedFrom(false, { ...made.soFar(), tasksSha256: UNFINISHED }), planning };
}

/** A run that ended before its dataset was planned: plans all of it, if it still is that run. */
async function finishPlanning(context: PrepareContext, manifest: Manifest): Promise<Manifest> {
  const { planning } = manifest;
  if (planning === undefined) return manifest;
  const { files, input, parameters, notice } = context;
  const sources = await readSources(context);
  const agents = Object.keys(manifest.tasks.agents);
  const begun: Manifest = {
    ...manifest,
    identity: { ...manifest.identity, data_sha256: planning.data_sha256 },
  };
  const prefix = await digestData(input.file, Math.min(planning.rows, parameters.limit ?? Infinity));
  const wanted = await identify(context, sources, prefix, agents);
  const { differing } = await compareRuns(begun.identity, wanted, agents);
  if (differing.length > 0) return whatWasPlanned(context, begun);
  notice('the dataset had not been checked to its end: finishing that first');
  const made = await Materializer.open(materials(context, sources));
  try {
    await planRest(context, made, agents[0]);
    const plan = await made.commit();
    await saveManifest(context, { ...begun.identity, data_sha256: plan.dataSha256 }, plan);
  } catch (error) {
    await made.abandon();
    throw error;
  }
  return (await readManifest(files.manifest))!;
}

/** Another run is asked for: what was planned of the stored one is all that there is of it. */
async function whatWasPlanned({ files }: PrepareContext, begun: Manifest): Promise<Manifest> {
  const partial = `${files.materializedInputs}.partial`;
  if (!existsSync(files.materializedInputs) && existsSync(partial)) {
    await repairTail(partial);
    await rename(partial, files.materializedInputs);
  }
  return begun;
}

/** Plans a dataset to its end, telling now and then how far it is. */
async function planRest({ notice }: PrepareContext, made: Materializer, stray?: string): Promise<void> {
  while (await made.block(TOLD_EVERY, stray)) notice(`checked ${made.rows} rows of the dataset`);
}

/** Whether every planned rollout has its result: there is nothing to play. */
async function isWhole({ rollouts }: RunFiles, planned: number): Promise<boolean> {
  if (!existsSync(rollouts)) return false;
  let stored = 0;
  for await (const { text, terminated } of readLines(rollouts)) {
    stored += Number(terminated && text.trim() !== '');
  }
  return stored >= planned;
}

async function resume(context: PrepareContext, manifest: Manifest): Promise<Prepared> {
  const { files, parameters, input } = context;
  const sources = await readSources(context);
  const { agents, planned, sha256: tasksSha256 } = manifest.tasks;
  const data = await digestData(input.file, parameters.limit);
  const wanted = await identify(context, sources, data, Object.keys(agents));
  const compared = await compareRuns(manifest.identity, wanted, Object.keys(agents));
  if (!existsSync(files.materializedInputs)) {
    throw errors.damagedRun(files.materializedInputs, undefined, 'it is missing');
  }
  const { differing, unrecorded } = compared;
  if (differing.length > 0 && !adoptsVerifier(context, compared)) {
    if (!parameters.resumeIfPossible) throw differentRun(context, compared, wanted);
    return reuse(context, sources, compared.stored);
  }
  await context.start(Object.keys(agents), { nothingOwed: await isWhole(files, planned) });
  if (unrecorded.length > 0) {
    context.notice(
      `the run was begun by an earlier version, which did not record the version of its verifiers: taking ` +
        `${unrecorded.join(', ')} to be unchanged`,
      'warn',
    );
  }
  // From now on what plays is recorded in the words of this version.
  if (differing.length > 0 || manifest.identity.code === undefined) {
    await writeManifest(files, { ...manifest, identity: wanted.identity }, context.clean);
  }
  return preparedFrom(true, { agents, planned, tasksSha256 });
}

/** With nothing scored yet there is no reward that another verifier could contradict. */
function adoptsVerifier(
  { files, notice }: PrepareContext,
  { onlyVerifiers, differing }: Comparison,
): boolean {
  const size = statSync(files.rollouts, { throwIfNoEntry: false })?.size ?? 0;
  if (!onlyVerifiers || size > 0) return false;
  notice(`nothing was scored yet, so the run goes on with what changed: ${differing.join('; ')}`);
  return true;
}

function differentRun({ files, commands }: PrepareContext, compared: Comparison, wanted: Wanted): Error {
  const { differing, onlyVerifiers } = compared;
  const modes = [...wanted.reverifyModes];
  const needSessions = modes.flatMap(([name, mode]) => (mode === 'stateless' ? [] : [name]));
  return errors.differentRun(files.rollouts, differing, {
    rescore: onlyVerifiers ? { needSessions } : null,
    commands: commands ?? null,
  });
}

/** Keeps of a different run what still fits. */
async function reuse(context: PrepareContext, sources: Sources, stored: Identity): Promise<Prepared> {
  const { files, input, parameters, notice } = context;
  const inputs = `${files.materializedInputs}.new`;
  const plan = await materialize({
    input: input.file,
    target: inputs,
    limit: parameters.limit,
    expand: sources.expand,
  });
  try {
    const agents = Object.keys(plan.agents);
    await context.start(agents);
    const { identity: wanted } = await identify(context, sources, plan.dataSha256, agents);
    const kept = await reuseRollouts(files, inputs, { stored, wanted });
    await saveManifest(context, wanted, plan);
    notice(
      `the run differs from the stored one: kept ${kept.results} of its results that still fit; ` +
        `its files are *.old-${kept.aside}`,
    );
  } finally {
    await rm(inputs, { force: true });
  }
  return preparedFrom(true, plan);
}

/** Takes over the files of the reference's collector, which leaves no manifest. */
async function adopt(context: PrepareContext): Promise<Prepared> {
  const sources = await readSources(context);
  const { files, input, parameters } = context;
  const plan = await surveyTasks(files.materializedInputs, {
    dataSha256: await digestData(input.file, parameters.limit),
  });
  const agents = Object.keys(plan.agents);
  await context.start(agents);
  const { identity } = await identify(context, sources, plan.dataSha256, agents);
  await saveManifest(context, identity, plan);
  context.notice('resuming a run that has no manifest: its materialized inputs say what is owed');
  return preparedFrom(true, plan);
}

/**
 * Decides what becomes of files that exist, and leaves materialized inputs and manifest ready: a run without files
 * starts, the same run resumes, any other is refused. Nothing is ever overwritten. Throws NgError.
 */
export async function prepareRun(context: PrepareContext): Promise<Prepared> {
  const { files, parameters, notice } = context;
  if (parameters.overwrite && existing(files).length > 0) {
    const n = await moveAside(existing(files));
    notice(`moved the files of the former run aside: *.old-${n}`);
  }
  const manifest = await readManifest(files.manifest);
  if (manifest !== null) {
    return resume(context, await finishPlanning(context, await finishReplacing(files, manifest)));
  }
  if (!existsSync(files.rollouts)) return startAnew(context);
  if (!parameters.resumeFromCache || !existsSync(files.materializedInputs)) {
    throw errors.foreignOutput(files.rollouts);
  }
  return adopt(context);
}
