import type { FileHandle } from 'node:fs/promises';
import { errors } from '../errors/index.js';
import { createProfiler, JsonText, withoutKeys, writeJson, type Profile } from '../metrics/index.js';
import { beside } from './files/beside.js';
import { openStored, rereadLine, storedLines } from './files/lines.js';
import { rewardIn, scanStored } from './files/scan.js';
import { writeWhole } from '../files/index.js';

export interface ProfileOptions {
  /** `<stem>_materialized_inputs.jsonl` of the run. */
  inputs: string;
  /** The rollouts file. */
  rollouts: string;
  /** Profile what is there when some inputs have no rollout. Default false: that is an error. */
  allowPartial?: boolean | undefined;
}

export interface ProfileResult {
  /** `<stem>_reward_profiling.jsonl`: one line per task, ascending. */
  profileFile: string;
  /** `<stem>_agent_metrics.json`: one object per agent, by name. */
  agentMetricsFile: string;
  /**
   * Input rows; `complete` and `partial` count tasks' rows with all or some of their rollouts. `masked` ones are found,
   * and in no metric. Unit: input rows.
   */
  counts: {
    total: number;
    found: number;
    complete: number;
    partial: number;
    missing: number;
    masked: number;
  };
}

interface Task {
  /** Planned rollouts, each with whether it was found. */
  rollouts: Map<number, boolean>;
  /** How many of them are masked. */
  masked: number;
  /** Where the first input row of the task is. */
  first: { offset: number; length: number };
}

const INDEX_KEYS = new Set(['_ng_task_index', '_ng_rollout_index']);
const INPUTS = 'file of materialized inputs';

async function readInputs(file: string): Promise<{ tasks: Map<number, Task>; agents: Map<string, string> }> {
  const tasks = new Map<number, Task>();
  const agents = new Map<string, string>();
  for await (const line of storedLines(file, INPUTS)) {
    const row = scanStored(file, line);
    const key = `${row.task}:${row.rollout}`;
    if (agents.has(key))
      throw errors.reportDuplicateRollout(row.task, row.rollout, [`${file}:${line.number}`]);
    agents.set(key, row.agent);
    const task = tasks.get(row.task);
    if (task !== undefined) task.rollouts.set(row.rollout, false);
    else {
      const { offset, length } = line;
      tasks.set(row.task, {
        rollouts: new Map([[row.rollout, false]]),
        masked: 0,
        first: { offset, length },
      });
    }
  }
  return { tasks, agents };
}

function countRows(tasks: ReadonlyMap<number, Task>): ProfileResult['counts'] {
  const counts = { total: 0, found: 0, complete: 0, partial: 0, missing: 0, masked: 0 };
  for (const { rollouts, masked } of tasks.values()) {
    const found = [...rollouts.values()].filter(Boolean).length;
    const kind = found === rollouts.size ? 'complete' : found === 0 ? 'missing' : 'partial';
    counts[kind] += rollouts.size;
    counts.total += rollouts.size;
    counts.found += found;
    counts.masked += masked;
  }
  return counts;
}

function missingKeys(tasks: ReadonlyMap<number, Task>): string[] {
  return [...tasks].flatMap(([task, { rollouts }]) =>
    [...rollouts].filter(([, found]) => !found).map(([rollout]) => `${task}:${rollout}`),
  );
}

async function* profileLines(
  profile: Profile,
  tasks: ReadonlyMap<number, Task>,
  inputs: FileHandle,
): AsyncGenerator<string> {
  for (const [i, index] of profile.tasks.entries()) {
    const task = tasks.get(index)!;
    const sample = new JsonText(withoutKeys(await rereadLine(inputs, task.first), INDEX_KEYS));
    yield `${writeJson(profile.task(i, sample, task.rollouts.size - task.masked))}\n`;
  }
}

/**
 * Describes the rewards and other numbers of stored rollouts by task and by agent, in two files beside the rollouts,
 * as `ng_reward_profile` does. Throws NgError when rows do not belong together.
 */
export async function profileRollouts(options: ProfileOptions): Promise<ProfileResult> {
  const { tasks, agents } = await readInputs(options.inputs);
  const profiler = createProfiler();
  const unplanned: string[] = [];
  for await (const line of storedLines(options.rollouts, 'rollouts file')) {
    const row = scanStored(options.rollouts, line);
    rewardIn(options.rollouts, line, row);
    const task = tasks.get(row.task);
    const found = task?.rollouts.get(row.rollout);
    const key = `${row.task}:${row.rollout}`;
    if (task === undefined || found === undefined) unplanned.push(key);
    else if (found) {
      throw errors.reportDuplicateRollout(row.task, row.rollout, [`${options.rollouts}:${line.number}`]);
    } else {
      task.rollouts.set(row.rollout, true);
      if (row.masked) task.masked += 1;
      profiler.add({ ...row, agent: row.agent === '' ? agents.get(key)! : row.agent });
    }
  }
  if (unplanned.length > 0) throw errors.reportUnplannedRollouts(options.rollouts, unplanned);
  const counts = countRows(tasks);
  if (counts.found < counts.total && options.allowPartial !== true) {
    throw errors.reportMissingRollouts(options.rollouts, missingKeys(tasks), counts.total);
  }
  const profile = profiler.finish();
  const profileFile = beside(options.rollouts, '_reward_profiling.jsonl');
  const agentMetricsFile = beside(options.rollouts, '_agent_metrics.json');
  const inputs = await openStored(options.inputs, INPUTS);
  try {
    await writeWhole(profileFile, profileLines(profile, tasks, inputs));
  } finally {
    await inputs.close();
  }
  await writeWhole(agentMetricsFile, [writeJson(profile.agents())]);
  return { profileFile, agentMetricsFile, counts };
}
