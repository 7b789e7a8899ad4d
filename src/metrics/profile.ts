import type { MetricsObject } from './aggregate-types.js';
import { describeRows } from './describe.js';
import { Frame } from './frame.js';
import { groupMetrics, sortFrame } from './groups.js';
import type { ScannedRow } from './row-scanner.js';

/** The two results of a reward profile. */
export interface Profile {
  /** Task indices in ascending order. */
  tasks: readonly number[];
  /** The i-th task's metrics; `sample` and the planned number come from the inputs. */
  task(i: number, sample: MetricsObject[string], expected: number): MetricsObject;
  /** One object per agent, by name. */
  agents(): MetricsObject[];
}

export type ProfileRow = Pick<ScannedRow, 'task' | 'rollout' | 'agent' | 'numbers' | 'usage'>;

/** Gathers rollouts of all agents and describes them by task and by agent. Keeps numbers only. */
export function createProfiler(): { add(row: ProfileRow): void; finish(): Profile } {
  const frame = new Frame();
  const agents: string[] = [];
  return {
    add(row) {
      frame.add(row);
      agents.push(row.agent);
    },
    finish() {
      const sorted = sortFrame(frame);
      const { order, starts, names, whole } = sorted;
      return {
        tasks: starts.slice(0, -1).map((start) => frame.tasks[order[start]!]!),
        task: (i, sample, expected) => groupMetrics(sorted, i, { sample, expected }),
        agents: () =>
          [...new Set(agents)].sort().map((name) => {
            const rows = order.filter((row) => agents[row] === name);
            const columns = names.map((column) => frame.statColumn(column, rows));
            return { ...describeRows(columns, 0, rows.length, whole), agent_ref: { name } };
          }),
      };
    },
  };
}
