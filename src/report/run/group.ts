import type { Clusters } from '../../metrics/index.js';
import type { State, StoredRun } from './stored-run.js';

/** Some rollouts of a run, by ascending task and rollout. */
export interface Group {
  run: StoredRun;
  rows: Uint32Array;
}

/** Which rollouts to take; a part that is left out takes all. */
export interface Selection {
  agent?: string | undefined;
  /** Field → value. */
  where?: Readonly<Record<string, string>> | undefined;
}

/** Agents by name; rollouts of no named agent belong to `''`. */
export function agentNames(run: StoredRun): string[] {
  const names = new Set<string>();
  for (let row = 0; row < run.size; row++) names.add(run.agent.get(row) ?? '');
  return [...names].sort();
}

export function select(run: StoredRun, { agent, where }: Selection): Group {
  const conditions = Object.entries(where ?? {});
  const rows = run
    .order()
    .filter(
      (row) =>
        (agent === undefined || (run.agent.get(row) ?? '') === agent) &&
        conditions.every(([field, value]) => run.fields.get(field)?.get(row) === value),
    );
  return { run, rows };
}

/** Values of a field in a group, by name; rollouts without the field are not in any. */
export function valuesOf({ run, rows }: Group, field: string): string[] {
  const column = run.fields.get(field)!;
  const values = new Set<string>();
  for (const row of rows) {
    const value = column.get(row);
    if (value !== null) values.add(value);
  }
  return [...values].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

export function countState({ run, rows }: Group, state: State): number {
  return rows.reduce((sum, row) => sum + (run.state.get(row) === state ? 1 : 0), 0);
}

/** The commonest message of the failed rollouts of each kind, and how many of them say it. */
export function commonestMessages({
  run,
  rows,
}: Group): Record<string, { message: string; rollouts: number }> {
  const counts = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const [kind, message] = [run.kind.get(row), run.message.get(row)];
    if (run.state.get(row) !== 'failed' || kind === null || message === null) continue;
    const messages = counts.get(kind) ?? new Map<string, number>();
    counts.set(kind, messages.set(message, (messages.get(message) ?? 0) + 1));
  }
  const commonest = (messages: ReadonlyMap<string, number>) => {
    const [message, rollouts] = [...messages].reduce((best, next) => (next[1] > best[1] ? next : best));
    return { message, rollouts };
  };
  return Object.fromEntries([...counts].map(([kind, messages]) => [kind, commonest(messages)]));
}

export function countWords(
  { run, rows }: Group,
  column: 'kind' | 'stop',
  state: State,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const word = run.state.get(row) === state ? run[column].get(row) : null;
    if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** A measured quantity of the rollouts that are done, scored or masked; NaN where it is not known. */
export function measured(
  { run, rows }: Group,
  column: 'input' | 'output' | 'duration' | 'cost' | 'judgeTokens' | 'judgeCost',
): Float64Array {
  return Float64Array.from(
    rows.filter((row) => ['scored', 'masked'].includes(run.state.get(row)!)),
    (row) => run[column].get(row),
  );
}

/** Rewards by task. `rows` says which rollout each value is of. */
export interface Rewards extends Clusters {
  tasks: number[];
  rows: number[];
}

/**
 * Rewards of the scored rollouts by task.
 * @param fill the reward to suppose for rollouts that failed or are owed; null leaves them out. Masked ones are never
 * in it: they are over, and say nothing of the model.
 */
export function rewardsOf({ run, rows }: Group, fill: number | null = null): Rewards {
  const values: number[] = [];
  const found: Rewards = { values: new Float64Array(), starts: [], tasks: [], rows: [] };
  const starts: number[] = [];
  for (const row of rows) {
    const state = run.state.get(row);
    const value = state === 'scored' ? run.reward.get(row) : state === 'masked' ? null : fill;
    if (value === null) continue;
    const task = run.task.get(row);
    if (found.tasks.at(-1) !== task) {
      starts.push(values.length);
      found.tasks.push(task);
    }
    values.push(value);
    found.rows.push(row);
  }
  return { ...found, values: Float64Array.from(values), starts: [...starts, values.length] };
}
