import type { Verdict } from '../../../protocol/index.js';
import type { Cell, Table } from './table.js';

export const UNSCORED = {
  score: 0,
  precision_by_row: 0,
  recall_by_row: 0,
  f1_by_row: 0,
  precision_by_item: 0,
  recall_by_item: 0,
  f1_by_item: 0,
};

interface Graded {
  readonly table: Table;
  readonly gold: Table;
  readonly required: readonly string[];
  readonly unique: readonly string[];
  /** The scores of the cells of a column, in rows that are in both. */
  readonly compare: (
    column: string,
    responses: readonly Cell[],
    targets: readonly Cell[],
  ) => Promise<number[]>;
}

/** The rows by what tells them apart; of several that are alike there, the first. */
function byKey({ rows }: Table, unique: readonly string[]): Map<string, Table['rows'][number]> {
  const found = new Map<string, Table['rows'][number]>();
  for (const row of rows) {
    const key = JSON.stringify(unique.map((column) => row[column]));
    if (!found.has(key)) found.set(key, row);
  }
  return found;
}

const f1 = (precision: number, recall: number): number =>
  precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
const share = (part: number, all: number): number => (all === 0 ? 0 : part / all);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How many rows and cells are right: 1 where all are. */
export async function score({ table, gold, required, unique, compare }: Graded): Promise<Verdict> {
  const [mine, theirs] = [byKey(table, unique), byKey(gold, unique)];
  const keys = [...theirs.keys()].filter((key) => mine.has(key));
  // A column counts once, however often it is named.
  const scores = keys.map(() => [...new Set(unique)].map(() => 1));
  for (const column of required.filter((name) => !unique.includes(name))) {
    const cells = (rows: typeof mine): Cell[] => keys.map((key) => rows.get(key)![column]!);
    const found = await compare(column, cells(mine), cells(theirs));
    scores.forEach((row, at) => row.push(found[at]!));
  }
  const rightRows = sum(scores.map((row) => Math.min(...row)));
  const rightItems = sum(scores.map(sum));
  const width = required.length;
  const [rowPrecision, rowRecall] = [share(rightRows, mine.size), share(rightRows, theirs.size)];
  const [precision, recall] = [share(rightItems, mine.size * width), share(rightItems, theirs.size * width)];
  const all = [
    rowPrecision,
    rowRecall,
    f1(rowPrecision, rowRecall),
    precision,
    recall,
    f1(precision, recall),
  ];
  const strict = Number(all.every((value) => value === 1));
  return {
    reward: strict,
    score: strict,
    precision_by_row: rowPrecision,
    recall_by_row: rowRecall,
    f1_by_row: f1(rowPrecision, rowRecall),
    precision_by_item: precision,
    recall_by_item: recall,
    f1_by_item: f1(precision, recall),
    evaluation_message:
      strict === 1 ? 'All items match perfectly.' : 'Table is incomplete or contains mismatches.',
  };
}
