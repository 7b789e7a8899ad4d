import type { TaskScores } from './pass-majority.js';
import { isFalsy } from './row-scanner.js';

/** The name of a subset from a field's JSON text; a value that Python counts as false names none (''). */
export function subsetName(raw: string | undefined): string {
  if (raw === undefined || isFalsy(raw)) return '';
  if (raw === 'true') return 'True';
  return raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
}

/** The scores of some tasks only, in the order given. */
export function pickTasks(all: TaskScores, tasks: readonly number[]): TaskScores {
  const starts = [0];
  const rows: number[] = [];
  for (const task of tasks) {
    for (let row = all.starts[task]!; row < all.starts[task + 1]!; row++) rows.push(row);
    starts.push(rows.length);
  }
  const scores = new Map(
    [...all.scores].map(([name, values]) => [name, Float64Array.from(rows, (row) => values[row]!)]),
  );
  const { answers } = all;
  return {
    starts,
    scores,
    answers: answers === null ? null : Int32Array.from(rows, (row) => answers[row]!),
  };
}
