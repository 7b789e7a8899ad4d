import type { MetricsObject } from './aggregate-types.js';
import { describeRows } from './describe.js';
import type { Frame, StatColumn } from './frame.js';
import { float } from './json-number.js';
import { rolloutInfos } from './rollout-infos.js';

/** Rows of a frame in (task, rollout) order, cut into tasks, with their columns. */
export interface SortedFrame {
  frame: Frame;
  order: Uint32Array;
  /** Start of each task in `order`, and its length at the end. */
  starts: number[];
  names: string[];
  columns: StatColumn[];
  /** Every column holds integers only, without gaps. */
  whole: boolean;
}

/** Throws DuplicateRolloutError. */
export function sortFrame(frame: Frame): SortedFrame {
  const order = frame.sorted();
  const starts: number[] = [];
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || frame.tasks[order[i]!] !== frame.tasks[order[i - 1]!]) starts.push(i);
  }
  starts.push(order.length);
  const names = frame.names();
  const columns = names.map((name) => frame.statColumn(name, order));
  const whole = columns.length > 0 && columns.every((column) => column.whole);
  return { frame, order, starts, names, columns, whole };
}

/** What a task's object says besides its statistics. */
export interface GroupExtras {
  /** Metrics of the environment's own for this task. */
  own?: MetricsObject | undefined;
  /** The task's first input row, or what stands for it. */
  sample: MetricsObject[string];
  /** How many rollouts were planned. */
  expected: number;
}

/** The metrics of the i-th task. `reward_profile_completion_pct` is 0 to 100. */
export function groupMetrics(sorted: SortedFrame, i: number, extras: GroupExtras): MetricsObject {
  const { frame, order, starts, columns, whole } = sorted;
  const [from, to] = [starts[i]!, starts[i + 1]!];
  const found = to - from;
  return {
    _ng_task_index: frame.tasks[order[from]!]!,
    ...describeRows(columns, from, to, whole),
    ...extras.own,
    sample: extras.sample,
    num_rollouts: found,
    expected_num_rollouts: extras.expected,
    missing_num_rollouts: extras.expected - found,
    reward_profile_completion_pct: float((100 * found) / extras.expected),
    rollout_infos: rolloutInfos(frame, order.subarray(from, to)),
  };
}
