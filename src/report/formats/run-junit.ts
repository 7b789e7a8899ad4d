import { agentNames, select, type Group } from '../run/group.js';
import type { StoredRun } from '../run/stored-run.js';
import { toJunit, type JunitCase } from './junit.js';

/** The rollouts of one task as one case: an error when one has no reward, skipped when all are masked. */
function taskCase(agent: string, { run }: Group, rows: readonly number[]): JunitCase {
  const lines = rows.map((row) => {
    const state = run.state.get(row)!;
    const kind = run.kind.get(row);
    const told = state === 'scored' ? `reward ${run.reward.get(row)}` : (kind ?? state);
    return `rollout ${run.rollout.get(row)}: ${told}`;
  });
  const missing = rows.filter((row) => ['failed', 'owed'].includes(run.state.get(row)!));
  const masked = rows.every((row) => run.state.get(row) === 'masked');
  const time = rows.reduce((sum, row) => sum + (run.duration.get(row) || 0), 0) / 1000;
  return {
    classname: agent,
    name: `task ${run.task.get(rows[0]!)}${run.title.get(rows[0]!) ?? ''}`,
    seconds: time,
    outcome: missing.length > 0 ? 'error' : masked ? 'skipped' : 'passed',
    ...(missing.length === 0
      ? {}
      : {
          type: run.kind.get(missing[0]!) ?? 'owed',
          message: `${missing.length} of ${rows.length} rollouts have no reward`,
        }),
    output: lines.join('\n'),
  };
}

function cases(agent: string, group: Group): JunitCase[] {
  const found: JunitCase[] = [];
  let task: number[] = [];
  for (const row of group.rows) {
    if (task.length > 0 && group.run.task.get(task[0]!) !== group.run.task.get(row)) {
      found.push(taskCase(agent, group, task));
      task = [];
    }
    task.push(row);
  }
  return task.length === 0 ? found : [...found, taskCase(agent, group, task)];
}

/** A run as JUnit XML: a suite per agent, a case per task. A low reward is no failure; a missing one is an error. */
export function runJunit(run: StoredRun): string {
  const suites = agentNames(run).map((agent) => {
    const group = select(run, { agent });
    return { name: agent, properties: {}, cases: cases(agent, group) };
  });
  return toJunit('rollouts', suites);
}
