import { csvRecords, lower, pythonStr, asLossless, typeName } from '../../../python/index.js';
import { ToolFault } from './values.js';

/** A line of a table: its cells by column, null where nothing stands, and its label, which outlives the removal of others. */
interface Line {
  readonly label: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

/** Compared as they are written; all others without regard to case. */
const EXACT = ['status', 'list_name', 'board'];

/**
 * A table as the reference's library has it. It is never changed: each change gives another. Columns hold texts; one that
 * was given anything else is `loose` from then on, and is another column than one of texts.
 */
export class Table {
  private constructor(
    readonly columns: readonly string[],
    private readonly lines: readonly Line[],
    private readonly loose: ReadonlySet<string> = new Set(),
  ) {}

  /** Of a CSV file; `names` in place of a first line with the names of columns. An empty cell is null. */
  static read(csv: string, names?: readonly string[]): Table {
    const records = csvRecords(csv).filter((record) => record.length > 0);
    const columns = names ?? records.shift() ?? [];
    const lines = records.map((record, label) => ({
      label,
      cells: Object.fromEntries(columns.map((column, at) => [column, record[at] || null])),
    }));
    return new Table(columns, lines);
  }

  /** The cells of its lines, by column. */
  get records(): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.map(({ cells }) => cells);
  }

  where(column: string, value: unknown): readonly Readonly<Record<string, unknown>>[] {
    return this.records.filter((cells) => cells[column] === value && value != null);
  }

  without(column: string, value: unknown): Table {
    const lines = this.lines.filter(({ cells }) => cells[column] !== value);
    return new Table(this.columns, lines, this.loose);
  }

  /** With one more line at its end: labels count anew, or it has the label 0. */
  with(cells: Readonly<Record<string, unknown>>, { renumbered }: { renumbered: boolean }): Table {
    const added = this.columns.filter((column) => typeof cells[column] !== 'string');
    const written = Object.fromEntries(this.columns.map((column) => [column, cells[column] ?? null]));
    const lines = [...this.lines, { label: 0, cells: written }];
    return new Table(
      this.columns,
      renumbered ? lines.map((line, label) => ({ ...line, label })) : lines,
      new Set([...this.loose, ...added]),
    );
  }

  /** With another value in a column of the lines whose cell in `key` is `id`. */
  changed(key: string, id: unknown, column: string, value: unknown): Table {
    if (typeof value !== 'string' && !this.loose.has(column)) {
      const text = pythonStr(asLossless(value));
      throw new ToolFault(
        `Invalid value '${text}' for dtype 'str'. Value should be a string or missing value, got '${typeName(value)}' instead.`,
      );
    }
    const lines = this.lines.map((line) =>
      line.cells[key] === id ? { ...line, cells: { ...line.cells, [column]: value } } : line,
    );
    return new Table(this.columns, lines, this.loose);
  }

  /** The number after the highest id in a column of texts. */
  nextId(column: string): number {
    const ids = this.records.map((cells) => cells[column]).filter((id) => typeof id === 'string');
    if (ids.length === 0) throw new ToolFault('cannot convert float NaN to integer');
    const highest = ids.reduce((most, id) => (id > most ? id : most));
    if (!/^\d+$/.test(highest)) {
      throw new ToolFault(`invalid literal for int() with base 10: '${highest}'`);
    }
    return Number(highest) + 1;
  }

  /** The same lines in the same order, with the same labels. */
  same(other: Table): boolean {
    if (this === other) return true;
    const { lines } = other;
    return (
      this.lines.length === lines.length &&
      this.columns.every((column) => this.loose.has(column) === other.loose.has(column)) &&
      this.lines.every(
        ({ label, cells }, at) =>
          label === lines[at]!.label &&
          this.columns.every(
            (column) => compared(column, cells[column]) === compared(column, lines[at]!.cells[column]),
          ),
      )
    );
  }
}

/** What a cell counts as: in most columns all that is no text counts as nothing. */
function compared(column: string, value: unknown): unknown {
  if (EXACT.includes(column)) return value ?? null;
  return typeof value === 'string' ? lower(value) : null;
}
