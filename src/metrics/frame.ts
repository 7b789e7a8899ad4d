import type { NumericCell, ScannedRow } from './row-scanner.js';

/** A row that appears twice: metrics over it would count one rollout double. */
export class DuplicateRolloutError extends Error {
  override readonly name = 'DuplicateRolloutError';

  constructor(
    readonly task: number,
    readonly rollout: number,
  ) {
    super(`task ${task}, rollout ${rollout} is there more than once`);
  }
}

/** Numbers by row, growing; a byte per row says what is there: 0 nothing, 1 integer, 2 float. */
class Column {
  values = new Float64Array(16);
  kinds = new Uint8Array(16);
  exact: Map<number, string> | null = null;

  set(row: number, cell: NumericCell): void {
    if (row >= this.values.length) this.grow(row);
    this.values[row] = cell.value;
    this.kinds[row] = cell.kind === 'int' ? 1 : 2;
    if (cell.exact !== undefined) (this.exact ??= new Map()).set(row, cell.exact);
  }

  kind(row: number): number {
    return this.kinds[row] ?? 0;
  }

  private grow(row: number): void {
    const size = Math.max(row + 1, this.values.length * 2);
    const values = new Float64Array(size);
    const kinds = new Uint8Array(size);
    values.set(this.values);
    kinds.set(this.kinds);
    this.values = values;
    this.kinds = kinds;
  }
}

/** Where a name was first seen in (task, rollout, position) order: that decides the order of columns. */
interface First {
  task: number;
  rollout: number;
  position: number;
}

function before(a: First, b: First): number {
  return a.task - b.task || a.rollout - b.rollout || a.position - b.position;
}

/** One numeric column in sorted row order. `present` is 0 or 1 per row; missing values are 0 in `values`. */
export interface StatColumn {
  name: string;
  values: Float64Array;
  present: Uint8Array;
}

/** The numbers of a row by name, in the row's own order. Rows of one kind share one. */
export interface Shape {
  fields: readonly string[];
  usage: readonly string[];
}

function sameNames(names: readonly string[], cells: readonly NumericCell[]): boolean {
  return names.length === cells.length && cells.every(({ name }, i) => name === names[i]);
}

/** What a frame reads of a row. */
export type FrameRow = Pick<ScannedRow, 'task' | 'rollout' | 'numbers' | 'usage'>;

/** Rows of numbers: the only thing that aggregation keeps of a rollout, about 9 bytes per number. */
export class Frame {
  readonly tasks: number[] = [];
  readonly rollouts: number[] = [];
  readonly fields = new Map<string, Column>();
  readonly usage = new Map<string, Column>();
  private readonly first = new Map<string, First>();
  private readonly shapes: Shape[] = [];
  private readonly shapeIds = new Map<string, number>();
  private readonly shapeOf: number[] = [];

  get size(): number {
    return this.tasks.length;
  }

  add(row: FrameRow): void {
    const at = this.size;
    this.tasks.push(row.task);
    this.rollouts.push(row.rollout);
    this.shapeOf.push(this.shapeId(row));
    let position = 0;
    for (const cell of row.numbers) this.cell(this.fields, at, cell, row, position++);
    for (const cell of row.usage) this.cell(this.usage, at, cell, row, position++);
  }

  /** The names of a row's numbers, in its own order. */
  shape(row: number): Shape {
    return this.shapes[this.shapeOf[row]!]!;
  }

  private shapeId({ numbers, usage }: FrameRow): number {
    const last = this.shapeOf.at(-1) ?? -1;
    const known = this.shapes[last];
    if (known !== undefined && sameNames(known.fields, numbers) && sameNames(known.usage, usage)) return last;
    const shape = { fields: numbers.map(({ name }) => name), usage: usage.map(({ name }) => name) };
    const key = JSON.stringify(shape);
    const found = this.shapeIds.get(key) ?? this.shapes.push(shape) - 1;
    this.shapeIds.set(key, found);
    return found;
  }

  private cell(
    columns: Map<string, Column>,
    at: number,
    cell: NumericCell,
    row: FrameRow,
    position: number,
  ): void {
    let column = columns.get(cell.name);
    if (column === undefined) columns.set(cell.name, (column = new Column()));
    column.set(at, cell);
    const seen = { task: row.task, rollout: row.rollout, position };
    const known = this.first.get(cell.name);
    if (known === undefined || before(seen, known) < 0) this.first.set(cell.name, seen);
  }

  /** Row numbers by ascending (task, rollout). Throws {@link DuplicateRolloutError}. */
  sorted(): Uint32Array {
    const order = Uint32Array.from(this.tasks, (_, row) => row);
    const { tasks, rollouts } = this;
    order.sort((a, b) => tasks[a]! - tasks[b]! || rollouts[a]! - rollouts[b]!);
    for (let i = 1; i < order.length; i++) {
      const [a, b] = [order[i - 1]!, order[i]!];
      if (tasks[a] === tasks[b] && rollouts[a] === rollouts[b]) {
        throw new DuplicateRolloutError(tasks[a]!, rollouts[a]!);
      }
    }
    return order;
  }

  /** Names in order of first appearance. */
  names(): string[] {
    return [...this.first].sort(([, a], [, b]) => before(a, b)).map(([name]) => name);
  }

  /** A column as statistics see it: `response.usage` wins over a field of the row with the same name. */
  statColumn(name: string, order: Uint32Array): StatColumn & { whole: boolean } {
    const field = this.fields.get(name);
    const usage = this.usage.get(name);
    const values = new Float64Array(order.length);
    const present = new Uint8Array(order.length);
    let whole = true;
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      const from = usage !== undefined && usage.kind(row) !== 0 ? usage : field;
      const kind = from?.kind(row) ?? 0;
      if (kind !== 1) whole = false;
      if (from === undefined || kind === 0) continue;
      values[i] = from.values[row]!;
      present[i] = 1;
    }
    return { name, values, present, whole };
  }
}

export type { Column };
