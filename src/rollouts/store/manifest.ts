import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ConfigObject, ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import { writeWhole } from '../../files/index.js';
import type { Plan } from '../dataset/plan.js';
import type { RunFiles } from '../types.js';
import type { Identity } from './identity.js';

/** The content of `<stem>_manifest.json`. */
export interface Manifest {
  manifest_version: 1;
  tool: { name: string; version: string; node: string };
  created_at: string;
  /** The dataset as the user named it. */
  input: string | null;
  identity: Identity;
  tasks: { sha256: string; rows: number; planned: number; agents: Record<string, number> };
  /** The whole resolved configuration, secrets masked. */
  config: ConfigObject;
  /** The dataset was not planned to its end: lines so far, and their SHA-256; `tasks` is what came of them. */
  planning?: { rows: number; data_sha256: string };
  /** Name of a file that is about to take the place of the rollouts, with this identity. */
  pending_rollouts?: string;
}

/** Name and version of this program, from its package file. */
export function toolVersion(): { name: string; version: string } {
  const file = new URL('../../../package.json', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return { name, version };
}

export function makeManifest(
  resolved: ResolvedConfig,
  input: string | null,
  identity: Identity,
  plan: Omit<Plan, 'dataSha256'>,
  now: number,
): Manifest {
  return {
    manifest_version: 1,
    tool: { ...toolVersion(), node: process.version },
    created_at: new Date(now).toISOString(),
    input,
    identity,
    tasks: { sha256: plan.tasksSha256, rows: plan.rows, planned: plan.planned, agents: plan.agents },
    config: resolved.redacted(),
  };
}

/** `clean` removes secrets, by value. */
export function writeManifest(
  { manifest: file }: Pick<RunFiles, 'manifest'>,
  manifest: Manifest,
  clean: (text: string) => string = (text) => text,
): Promise<void> {
  return writeWhole(file, clean(`${JSON.stringify(manifest, null, 2)}\n`));
}

/** The manifest in `file`, or null when there is none. */
export async function readManifest(file: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<Manifest>;
    if (value.manifest_version === 1 && value.identity !== undefined && value.tasks !== undefined) {
      return value as Manifest;
    }
  } catch {
    // Told below.
  }
  throw errors.damagedRun(file, undefined, 'it is not a manifest that this version understands');
}
