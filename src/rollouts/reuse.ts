import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { isObject } from '../protocol/index.js';
import { DigestIndex } from './dataset/digest-index.js';
import type { StoredTask } from './dataset/tasks.js';
import { readTasks } from './dataset/tasks.js';
import { repairJournal } from './store/journal.js';
import type { Identity } from './store/identity.js';
import { reached } from './store/identity.js';
import type { RowKey } from './store/rewrite.js';
import { copyRows } from './store/rewrite.js';
import { existing, moveAside } from './store/run-files.js';
import { members, objectText } from './text/json-text.js';
import type { RunFiles } from './types.js';

/** The blocks that an agent reaches, and the programs behind them. */
function partsOf({ servers, code }: Identity, agent: string): string {
  const parts = reached(servers, [agent]).map(([name, block]) => [name, block, code?.[name] ?? null]);
  // The order of keys is that of files and flags, and tells nothing.
  return JSON.stringify(parts, (_key, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

/** A digest text of everything that decides what a rollout is, but not of its place in the dataset. */
function fingerprint(identity: Identity): (task: StoredTask) => string {
  const agents = new Map<string, string>();
  return ({ agent, rollout, text }) => {
    // Of the configuration only what the agent reaches bears on its rollouts.
    const known = agents.get(agent) ?? partsOf(identity, agent);
    agents.set(agent, known);
    const content = members(text).filter(
      ({ key }) => !key.startsWith('_ng_task') && !key.startsWith('_ng_rollout'),
    );
    return `${rollout}\n${known}\n${objectText(content)}`;
  };
}

/** Task indices of the new plan by the old ones' fingerprint. -1 = not planned any more. */
class Mapping {
  private readonly index = new DigestIndex();
  /** Where the new plan has the rollout of each fingerprint. */
  private readonly places: (RowKey | null)[] = [];
  private readonly moved = new Map<string, RowKey>();

  addNew(print: string, key: RowKey): void {
    const slot = this.index.indexOf(print);
    // Of rollouts that are the same in everything, the first takes the result.
    this.places[slot] ??= key;
  }

  addOld(print: string, key: RowKey): void {
    const slot = this.index.indexOf(print);
    const place = this.places[slot] ?? null;
    if (place === null) return;
    this.places[slot] = null;
    this.moved.set(`${key.task}:${key.rollout}`, place);
  }

  get({ task, rollout }: RowKey): RowKey | null {
    return this.moved.get(`${task}:${rollout}`) ?? null;
  }
}

export interface Reused {
  results: number;
  failures: number;
  /** Number that the old files were moved aside under. */
  aside: number;
}

/**
 * Puts the stored rollouts of a former run that the new plan still wants under the new plan's indices, and moves the
 * former run's files aside. `inputs` holds the new plan. A rollout is wanted when its row, its repeat, and all server
 * blocks that its agent reaches are the same. The new manifest is the caller's to write, last.
 */
export async function reuseRollouts(
  files: RunFiles,
  inputs: string,
  identities: { stored: Identity; wanted: Identity },
): Promise<Reused> {
  await repairJournal(files);
  const mapping = new Mapping();
  const wanted = fingerprint(identities.wanted);
  for await (const task of readTasks(inputs)) mapping.addNew(wanted(task), task);
  const stored = fingerprint(identities.stored);
  for await (const task of readTasks(files.materializedInputs)) mapping.addOld(stored(task), task);
  const drafts = { rollouts: `${files.rollouts}.partial`, failures: `${files.failures}.partial` };
  try {
    const results = await copyRows(files.rollouts, drafts.rollouts, (key) => mapping.get(key));
    const failures = await copyRows(files.failures, drafts.failures, (key) => mapping.get(key));
    const aside = await moveAside(existing(files));
    await rename(drafts.rollouts, files.rollouts);
    await rename(drafts.failures, files.failures);
    await rename(inputs, files.materializedInputs);
    return { results, failures, aside };
  } finally {
    for (const draft of Object.values(drafts)) if (existsSync(draft)) await rm(draft, { force: true });
  }
}
