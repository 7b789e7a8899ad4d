import { agentNames, select, type Group } from '../run/group.js';
import type { StoredRun } from '../run/stored-run.js';
import { toJunit, type JunitCase } from './junit.js';

/** What a task's mean reward fails by; undefined where it does not. */
function tooLow({ run }: Group, rows: readonly number[], failBelow: number | undefined): string | undefined {
  const rewards = rows.filter((row) => run.state.get(row) === 'scored').map((row) => run.reward.get(row));
  if (failBelow === undefined || rewards.length === 0) return undefined;
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  return mean < failBelow ? `mean reward ${Number(mean.toFixed(4))} is below ${failBelow}` : undefined;
}

/**
 * The rollouts of one task as one case: an error when one has no reward, a failure when the mean of the others is too
 * low, skipped when all are masked.
 */
function taskCase(agent: string, group: Group, rows: readonly number[], failBelow?: number): JunitCase {
  const { run } = group;
  const lines = rows.map((row) => {
    const state = run.state.get(row)!;
    const kind = run.kind.get(row);
    const told = state === 'scored' ? `reward ${run.reward.get(row)}` : (kind ?? state);
    return `rollout ${run.rollout.get(row)}: ${told}`;
  });
  const missing = rows.filter((row) => ['failed', 'owed'].includes(run.state.get(row)!));
  const masked = rows.every((row) => run.state.get(row) === 'masked');
  const low = missing.length > 0 ? undefined : tooLow(group, rows, failBelow);
  const time = rows.reduce((sum, row) => sum + (run.duration.get(row) || 0), 0) / 1000;
  return {
    classname: agent,
    name: `task ${run.task.get(rows[0]!)}${run.title.get(rows[0]!) ?? ''}`,
    seconds: time,
    outcome: missing.length > 0 ? 'error' : masked ? 'skipped' : low === undefined ? 'passed' : 'failure',
    ...(low === undefined ? {} : { type: 'reward', message: low }),
    ...(missing.length === 0
      ? {}
      : {
          type: run.kind.get(missing[0]!) ?? 'owed',
          message: `${missing.length} of ${rows.length} rollouts have no reward`,
        }),
    output: lines.join('\n'),
  };
}

function cases(agent: string, group: Group, failBelow?: number): JunitCase[] {
  const found: JunitCase[] = [];
  let task: number[] = [];
  for (const row of group.rows) {
    if (task.length > 0 && group.run.task.get(task[0]!) !== group.run.task.get(row)) {
      found.push(taskCase(agent, group, task, failBelow));
      task = [];
    }
    task.push(row);
  }
  return task.length === 0 ? found : [...found, taskCase(agent, group, task, failBelow)];
}

/**
 * A run as JUnit XML: a suite per agent, a case per task. A missing reward is an error; a low one is a failure only
 * where `failBelow` says what is low.
 */
export function runJunit(run: StoredRun, failBelow?: number): string {
  const suites = agentNames(run).map((agent) => {
    const group = select(run, { agent });
    return { name: agent, properties: {}, cases: cases(agent, group, failBelow) };
  });
  return toJunit('rollouts', suites);
}
