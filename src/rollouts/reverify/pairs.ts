import { existsSync } from 'node:fs';
import { errors } from '../../errors/index.js';
import { UNVERIFIED_KINDS } from '../../protocol/index.js';
import type { FailureKind } from '../../protocol/index.js';
import type { StoredTask } from '../dataset/tasks.js';
import { readTasks } from '../dataset/tasks.js';
import { runFiles } from '../store/run-files.js';
import type { CheckedOptions } from './options.js';
import { OffsetIndex } from './offset-index.js';

/** The stored run, opened for reading. */
export interface Stored {
  results: OffsetIndex;
  /** Failed rollouts of the wanted kind; null = there is no failures file. */
  failures: OffsetIndex | null;
  close(): Promise<void>;
}

/** Opens the files of the run. Throws NgError when they are not there or damaged. */
export async function openStored({ inputs, rollouts, judgeFailedOnly }: CheckedOptions): Promise<Stored> {
  if (!existsSync(inputs)) throw errors.reportFileNotFound(inputs, 'materialized inputs file');
  if (!existsSync(rollouts)) throw errors.reportFileNotFound(rollouts, 'rollouts file');
  const { failures: file } = runFiles(rollouts);
  const results = await OffsetIndex.build(rollouts, { once: true });
  try {
    const failures = existsSync(file)
      ? await OffsetIndex.build(file, {
          once: false,
          wanted: (kind) => !judgeFailedOnly || UNVERIFIED_KINDS.has(kind as FailureKind),
        })
      : null;
    const close = async (): Promise<void> => {
      await results.close();
      await failures?.close();
    };
    return { results, failures, close };
  } catch (error) {
    await results.close();
    throw error;
  }
}

/** The inputs whose rollouts belong into the output, in the order of the inputs. */
export async function* chosen(
  stored: Stored,
  { inputs, judgeFailedOnly, limit }: Pick<CheckedOptions, 'inputs' | 'judgeFailedOnly' | 'limit'>,
): AsyncGenerator<StoredTask, void, void> {
  let left = limit ?? Infinity;
  for await (const task of readTasks(inputs)) {
    const done = stored.results.has(task.task, task.rollout);
    const judge = judgeFailedOnly && !done && stored.failures?.has(task.task, task.rollout) === true;
    if (judgeFailedOnly ? judge : done) {
      if (left === 0) continue;
      left -= 1;
    } else if (!(judgeFailedOnly && done)) continue;
    yield task;
  }
}

export interface Pairing {
  /** Names of the agents that take part. */
  agents: string[];
  /** Rollouts to verify. */
  due: number;
  /** Inputs of which only a failure is stored. */
  failed: number;
}

/** Matches inputs and rollouts. Throws NgError when they do not belong together. */
export async function pairUp(stored: Stored, options: CheckedOptions): Promise<Pairing> {
  const { inputs, rollouts, judgeFailedOnly, force, append, inPlace } = options;
  const known = new Set<number>();
  const owed: string[] = [];
  // What stays in its files goes on with all agents of the run.
  const agents = new Set<string>();
  let failed = 0;
  try {
    for await (const { task, rollout, agent } of readTasks(inputs)) {
      if (append || inPlace) agents.add(agent);
      known.add(stored.results.key(task, rollout));
      if (stored.results.has(task, rollout)) continue;
      if (stored.failures?.has(task, rollout) === true) failed += 1;
      else owed.push(`${task}:${rollout}`);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw errors.damagedRun(inputs, undefined, error.message);
  }
  const unplanned = stored.results.missingFrom(known);
  if (unplanned.length > 0) throw errors.reportUnplannedRollouts(rollouts, unplanned);
  if (owed.length > 0 && !judgeFailedOnly && !inPlace && force !== true) {
    throw errors.reverifyOwed(rollouts, owed, known.size);
  }
  let due = 0;
  for await (const { agent, task, rollout } of chosen(stored, options)) {
    agents.add(agent);
    if (!judgeFailedOnly || !stored.results.has(task, rollout)) due += 1;
  }
  return { agents: [...agents], due, failed };
}
