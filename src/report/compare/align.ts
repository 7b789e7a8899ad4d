import { errors } from '../../errors/index.js';
import type { StoredRun } from '../run/stored-run.js';
import { readTasks, taskDifferences } from './task-identity.js';

/**
 * How tasks of two runs are paired. `same`: the runs must have the same tasks. `common`: those that both have.
 * `fields`: as `same`, but the prompt may differ. `index`: by task index, whatever the rows say.
 */
export const MATCHES = ['same', 'common', 'fields', 'index'] as const;
export type Match = (typeof MATCHES)[number];

export interface Alignment {
  /** Task of the first run → task of the second. */
  pairs: Map<number, number>;
  notices: string[];
}

function taskIndices(run: StoredRun): Set<number> {
  const found = new Set<number>();
  for (const row of run.order()) found.add(run.task.get(row));
  return found;
}

function byIndex(a: StoredRun, b: StoredRun): Map<number, number> {
  const second = taskIndices(b);
  return new Map([...taskIndices(a)].filter((task) => second.has(task)).map((task) => [task, task]));
}

/** Pairs the tasks of two runs. Throws NgError `COMPARE_DIFFERENT_TASKS` that says what differs. */
export async function alignTasks(a: StoredRun, b: StoredRun, match: Match): Promise<Alignment> {
  if (match === 'index') return { pairs: byIndex(a, b), notices: ['Tasks are paired by index, unchecked.'] };
  const scope = match === 'fields' ? 'fields' : 'same';
  const [first, second] = [await readTasks(a.file, scope), await readTasks(b.file, scope)];
  if (first === null || second === null) {
    const notice = 'A run has no materialized inputs: tasks are paired by index, unchecked.';
    return { pairs: byIndex(a, b), notices: [notice] };
  }
  const pairs = new Map<number, number>();
  for (const [task, key] of first.keyOf) {
    const other = second.byKey.get(key);
    if (other !== undefined) pairs.set(task, other);
  }
  const left = first.keyOf.size + second.keyOf.size - 2 * pairs.size;
  if (left === 0) return { pairs, notices: [] };
  if (match !== 'common') {
    throw errors.compareDifferentTasks(await taskDifferences(first, second, scope));
  }
  const notice = `${pairs.size} tasks are in both runs; ${first.keyOf.size - pairs.size} only in the first, ${second.keyOf.size - pairs.size} only in the second.`;
  return { pairs, notices: [notice] };
}
