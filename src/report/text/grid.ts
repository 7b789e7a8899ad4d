/** A column of a text table. Numbers are set right, words left. */
export interface GridColumn {
  title: string;
  align: 'left' | 'right';
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  return align === 'left' ? text.padEnd(width) : text.padStart(width);
}

/** Width of the table that {@link grid} would make, in characters. */
export function gridWidth(columns: readonly GridColumn[], rows: readonly (readonly string[])[]): number {
  return widths(columns, rows).reduce((sum, width) => sum + width + 2, -2);
}

function widths(columns: readonly GridColumn[], rows: readonly (readonly string[])[]): number[] {
  return columns.map((column, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]!.length), column.title.length),
  );
}

/** Lines of a table: titles, then one line per row; columns two spaces apart. */
export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly string[])[],
): { header: string; lines: string[] } {
  const wide = widths(columns, rows);
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => pad(text, wide[i]!, columns[i]!.align))
      .join('  ')
      .trimEnd();
  return { header: line(columns.map((column) => column.title)), lines: rows.map(line) };
}
