import type { MetricsObject } from './aggregate-types.js';
import { Coverage } from './coverage.js';
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

export type ProfileRow = Pick<ScannedRow, 'task' | 'rollout' | 'agent' | 'masked' | 'numbers' | 'usage'>;

/**
 * Gathers rollouts of all agents and describes them by task and by agent; masked ones are in no number but the
 * agent's `coverage/*`. Keeps numbers only.
 */
export function createProfiler(): { add(row: ProfileRow): void; finish(): Profile } {
  const frame = new Frame();
  const agents: string[] = [];
  const coverage = new Map<string, Coverage>();
  return {
    add(row) {
      const known = coverage.get(row.agent) ?? new Coverage();
      coverage.set(row.agent, known);
      known.add(row);
      if (row.masked) return;
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
          [...coverage.keys()].sort().map((name) => {
            const rows = order.filter((row) => agents[row] === name);
            const columns = names.map((column) => frame.statColumn(column, rows));
            const described = rows.length === 0 ? {} : describeRows(columns, 0, rows.length, whole);
            return { ...described, agent_ref: { name }, ...coverage.get(name)!.metrics() };
          }),
      };
    },
  };
}
