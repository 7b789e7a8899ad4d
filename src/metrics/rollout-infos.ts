import type { Column, Frame } from './frame.js';
import { float, JsonNumber } from './json-number.js';

function written(column: Column, row: number): JsonNumber | number | null {
  const kind = column.kind(row);
  if (kind === 0) return null;
  const value = column.values[row]!;
  if (kind === 2) return float(value);
  const exact = column.exact?.get(row);
  return exact === undefined ? value : new JsonNumber(exact);
}

/**
 * One object per rollout: its indices, `reward`, the numbers of `response.usage`, then the other numbers of the row,
 * which win over usage of the same name. Numbers keep the form, and the order, that the row gave them.
 */
export function rolloutInfos(
  frame: Frame,
  rows: Uint32Array,
): Record<string, JsonNumber | number | string>[] {
  return Array.from(rows, (row) => {
    const task = frame.tasks[row]!;
    const rollout = frame.rollouts[row]!;
    const info: Record<string, JsonNumber | number | string> = {
      rollout_id: `${task}:${rollout}`,
      _ng_task_index: task,
      _ng_rollout_index: rollout,
    };
    const put = (columns: ReadonlyMap<string, Column>, name: string): void => {
      const column = columns.get(name);
      const value = column === undefined ? null : written(column, row);
      if (value !== null) info[name] = value;
    };
    put(frame.fields, 'reward');
    const { usage, fields } = frame.shape(row);
    for (const name of usage) put(frame.usage, name);
    for (const name of fields) put(frame.fields, name);
    return info;
  });
}
