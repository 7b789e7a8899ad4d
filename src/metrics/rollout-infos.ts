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
 * which win over usage of the same name. Numbers keep the form that the row gave them.
 * @param names all columns, in the order in which they are to appear.
 */
export function rolloutInfos(
  frame: Frame,
  names: readonly string[],
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
    for (const name of names) put(frame.usage, name);
    for (const name of names) put(frame.fields, name);
    return info;
  });
}
