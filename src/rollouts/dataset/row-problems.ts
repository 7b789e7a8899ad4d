import { errors, type NgError } from '../../errors/index.js';

/** Different messages that are kept; lines with yet another one are only counted. */
const KEPT_MESSAGES = 20;
/** Runs of line numbers that are kept of each. */
const KEPT_RUNS = 8;

interface Group {
  count: number;
  /** First and last line of each run of neighbours. */
  runs: [number, number][];
}

/** What is wrong with the lines of a dataset, each kind of mistake told once. Memory does not grow with the lines. */
export class RowProblems {
  count = 0;
  private readonly groups = new Map<string, Group>();
  private readonly hints = new Set<string>();

  /** Lines come in ascending order. `hint` says how to put such a line right. */
  add(line: number, message: string, hint = ''): void {
    this.count += 1;
    if (hint !== '') this.hints.add(hint);
    let group = this.groups.get(message);
    if (group === undefined) {
      if (this.groups.size >= KEPT_MESSAGES) return;
      this.groups.set(message, (group = { count: 0, runs: [] }));
    }
    group.count += 1;
    const last = group.runs.at(-1);
    if (last !== undefined && last[1] === line - 1) last[1] = line;
    else if (group.runs.length <= KEPT_RUNS) group.runs.push([line, line]);
  }

  error(file: string): NgError {
    const told = [...this.groups.values()].reduce((sum, { count }) => sum + count, 0);
    const lines = [...this.groups].map(
      ([message, group]) => `${file}:${group.runs[0]![0]}: ${message}${rows(group)}`,
    );
    return errors.invalidDataset(file, lines, {
      total: this.count,
      untold: this.count - told,
      hints: [...this.hints],
    });
  }
}

/** ` (30 lines: 1–20, 25, …)`; nothing for a single line. */
function rows({ count, runs }: Group): string {
  if (count === 1) return '';
  const shown = runs.slice(0, KEPT_RUNS).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  if (runs.length > KEPT_RUNS) shown.push('…');
  return ` (${count} lines: ${shown.join(', ')})`;
}
