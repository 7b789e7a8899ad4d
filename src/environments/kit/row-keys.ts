import type { Json, JsonObject, TaskRow } from '../../protocol/index.js';

/** Keys of a row that are none of the task's: the request, and the collector's. */
const OTHERS = /^(?:responses_create_params|agent_ref|_ng_.*)$/;

/** All keys of the task, for a verdict that keeps whatever the row has. */
export function taskKeys(row: TaskRow): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !OTHERS.test(key))) as JsonObject;
}

/** These keys of a row, null for one that it lacks: what a verdict keeps of it for the metrics. */
export function keptKeys(row: TaskRow, ...names: string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, (row[name] ?? null) as Json]));
}
