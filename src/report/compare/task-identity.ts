import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { beside } from '../files/beside.js';
import { rereadLine, storedLines, openStored } from '../files/lines.js';
import { scanStored } from '../files/scan.js';

/** What makes two tasks the same: all that the row says (`same`), or all but the prompt (`fields`). */
export type IdentityScope = 'same' | 'fields';

type Row = Record<string, unknown>;

/** The parts of a row that are the task: not its indices, agent, model or sampling. */
function identity(row: Row, scope: IdentityScope): Row {
  const parts: Row = {};
  for (const [key, value] of Object.entries(row)) {
    if (key.startsWith('_ng_') || ['agent_ref', 'skills_ref', 'responses_create_params'].includes(key))
      continue;
    parts[key] = value;
  }
  if (scope === 'fields') return parts;
  const request = (row['responses_create_params'] ?? {}) as Row;
  for (const key of ['input', 'instructions', 'tools']) {
    if (request[key] !== undefined && request[key] !== null) {
      parts[`responses_create_params.${key}`] = request[key];
    }
  }
  return parts;
}

/** JSON with sorted keys: equal for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** The tasks of a run by a key that is equal for equal tasks, whatever their index. */
export interface Tasks {
  file: string;
  /** Key → task index. A row that is in the dataset n times has n keys. */
  byKey: Map<string, number>;
  keyOf: Map<number, string>;
  places: Map<number, { offset: number; length: number }>;
}

/** Null when the run has no materialized inputs. */
export async function readTasks(rollouts: string, scope: IdentityScope): Promise<Tasks | null> {
  const file = beside(rollouts, '_materialized_inputs.jsonl');
  if (!existsSync(file)) return null;
  const tasks: Tasks = { file, byKey: new Map(), keyOf: new Map(), places: new Map() };
  const seen = new Map<string, number>();
  for await (const line of storedLines(file, 'file of materialized inputs')) {
    const { task } = scanStored(file, line);
    if (tasks.keyOf.has(task)) continue;
    const row = JSON.parse(line.text) as Row;
    const digest = createHash('sha256')
      .update(canonical(identity(row, scope)))
      .digest('base64');
    const times = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, times);
    const key = `${digest}#${times}`;
    tasks.byKey.set(key, task);
    tasks.keyOf.set(task, key);
    tasks.places.set(task, { offset: line.offset, length: line.length });
  }
  return tasks;
}

async function partsOf(tasks: Tasks, task: number, scope: IdentityScope): Promise<Map<string, string>> {
  const handle = await openStored(tasks.file, 'file of materialized inputs');
  try {
    const row = JSON.parse(await rereadLine(handle, tasks.places.get(task)!)) as Row;
    return new Map(Object.entries(identity(row, scope)).map(([key, value]) => [key, canonical(value)]));
  } finally {
    await handle.close();
  }
}

const SHOWN = 10;

/** What differs, a line per task: which keys of the row, or which run has it. The first ten in detail. */
export async function taskDifferences(a: Tasks, b: Tasks, scope: IdentityScope): Promise<string[]> {
  const only = (one: Tasks, other: Tasks): Set<number> =>
    new Set([...one.keyOf].filter(([, key]) => !other.byKey.has(key)).map(([task]) => task));
  const [onlyA, onlyB] = [only(a, b), only(b, a)];
  const lines: string[] = [];
  for (const task of onlyA) {
    if (!onlyB.has(task)) lines.push(`task ${task}: only in the first run`);
    else if (lines.length >= SHOWN) lines.push(`task ${task}: differs`);
    else {
      const [first, second] = [await partsOf(a, task, scope), await partsOf(b, task, scope)];
      const keys = [...new Set([...first.keys(), ...second.keys()])];
      const differing = keys.filter((key) => first.get(key) !== second.get(key));
      lines.push(`task ${task}: ${differing.join(', ')} ${differing.length === 1 ? 'differs' : 'differ'}`);
    }
  }
  for (const task of onlyB) if (!onlyA.has(task)) lines.push(`task ${task}: only in the second run`);
  return lines;
}
