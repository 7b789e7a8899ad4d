import type { ResolvedConfig } from '../config/index.js';
import type { ExpandOptions } from './dataset/expand.js';
import { findFile } from './dataset/find-file.js';
import type { MaterializeOptions } from './dataset/materializer.js';
import type { Plan } from './dataset/plan.js';
import { readPrompt } from './dataset/prompt.js';
import { agentMapOf } from './dataset/routing.js';
import type { Skills } from './dataset/skills.js';
import { readSkills } from './dataset/skills.js';
import { sourceAgents } from './dataset/task-source.js';
import type { CollectParameters } from './parameters.js';
import type { Identity, Wanted } from './store/identity.js';
import { identityOf } from './store/identity.js';
import type { Manifest } from './store/manifest.js';
import { makeManifest, writeManifest } from './store/manifest.js';
import type { CommandLines, RunFiles } from './types.js';

export interface PrepareContext {
  resolved: ResolvedConfig;
  parameters: CollectParameters;
  files: RunFiles;
  /** The dataset: as named, where it is, and all agents that it can name; null = only its rows know. */
  input: { name: string; file: string; agents: ReadonlySet<string> | null };
  now: number;
  /** The command as it can be typed again, where it was typed. */
  commands?: CommandLines;
  notice: (message: string, level?: 'info' | 'warn') => void;
  /** Removes secrets, by value, from what is about to be written. */
  clean: (text: string) => string;
  /** Gets each line of the dataset, before anything is sent. */
  onRow: (text: string) => void;
  /** Makes what these agents need. Throws NgError when they cannot play; nothing has been written then. */
  start: (agents: readonly string[], known?: { nothingOwed?: boolean }) => Promise<void>;
}

/** What a row may refer to besides itself. */
export interface Sources {
  expand: ExpandOptions;
  promptSha256: string | null;
  skills: Skills | null;
}

export async function readSources(context: PrepareContext): Promise<Sources> {
  const { parameters, resolved } = context;
  const { promptConfig, skillsPath } = parameters;
  const template =
    promptConfig === null ? null : await readPrompt(findFile('prompt_config', promptConfig, resolved.roots));
  const skills =
    skillsPath === null ? null : await readSkills(findFile('skills.path', skillsPath, resolved.roots));
  return {
    promptSha256: template?.sha256 ?? null,
    skills,
    expand: {
      routing: {
        agentMap: agentMapOf(parameters.agentName, parameters.agentMap),
        fanOut: parameters.fanOut,
        agentOfSource: sourceAgents(resolved),
      },
      numRepeats: parameters.numRepeats,
      addSeed: parameters.addSeed,
      requestOverrides: parameters.requestOverrides,
      template,
      onRow: context.onRow,
      skillsRef: skills === null ? null : JSON.stringify(skills),
    },
  };
}

export async function identify(
  context: PrepareContext,
  sources: Sources,
  data: string,
  agents: readonly string[],
): Promise<Wanted> {
  const digests = { data, prompt: sources.promptSha256, skills: sources.skills?.hash ?? null };
  const wanted = await identityOf(context.resolved, context.parameters, digests, agents);
  // A secret may stand where nobody looks for one, in a request override for example.
  return { ...wanted, identity: JSON.parse(context.clean(JSON.stringify(wanted.identity))) as Identity };
}

export async function saveManifest(
  context: PrepareContext,
  identity: Identity,
  plan: Omit<Plan, 'dataSha256'>,
  planning?: Manifest['planning'],
): Promise<void> {
  const { resolved, input, files, now } = context;
  const manifest = makeManifest(resolved, input.name, identity, plan, now);
  await writeManifest(files, planning === undefined ? manifest : { ...manifest, planning }, context.clean);
}

export function materials(
  { files, input, parameters }: PrepareContext,
  { expand }: Sources,
): MaterializeOptions {
  const { agents, file } = input;
  return {
    input: file,
    target: files.materializedInputs,
    limit: parameters.limit,
    expand: agents === null || parameters.checkDataset === 'first' ? expand : { ...expand, agents },
  };
}
