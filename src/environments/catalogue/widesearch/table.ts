import {
  asLossless,
  csvRecords,
  lower,
  pythonFloat,
  pythonRegex,
  pythonStr,
  splitLines,
  strip,
} from '../../../python/index.js';

/** A text; null where there is none. */
export type Cell = string | null;

/** A table as texts. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

/** A cell as the text that the reference's library writes: what is missing is `nan`. */
export const written = (cell: Cell): string => cell ?? 'nan';

/** Words that the library takes for a missing value. */
const NOTHING = new Set([
  ...[
    '',
    '#N/A',
    '#N/A N/A',
    '#NA',
    '-1.#IND',
    '-1.#QNAN',
    '-NaN',
    '-nan',
    '1.#IND',
    '1.#QNAN',
    '<NA>',
    'N/A',
  ],
  ...['NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
]);

const FENCED = pythonRegex('```markdown(.*?)```', { dotAll: true });
const BARE = pythonRegex(String.raw`((?:^\s*\|.*\|\s*$\n?)+)`, { multiline: true });

const trimmed = (line: string): string =>
  line
    .split('|')
    .map((part) => strip(part))
    .join('|');
const isRule = (line: string): boolean => /^[|\- :]*$/.test(strip(line));

/** The name of a column as it counts. */
export const columnName = (name: string): string => lower(strip(name)).replaceAll(' ', '');

/** The last Markdown table of a text that can be read: of its fenced blocks, else of lines between bars. */
export function readTable(text: string): Table | undefined {
  const fenced = FENCED.findAll(text);
  const blocks = fenced.length > 0 ? fenced : BARE.findAll(text);
  for (const block of blocks.toReversed()) {
    const lines = splitLines(strip(block)).filter((line) => line.includes('|') && !isRule(line));
    const table = lines.length === 0 ? undefined : fromLines(lines.map(trimmed));
    if (table !== undefined) return table;
  }
  return undefined;
}

/**
 * Cells between bars, the first line with the names. Where the first line of cells has more of them, the first ones are
 * left out; a later line must not have more than that one.
 */
function fromLines(lines: readonly string[]): Table | undefined {
  const [header = [], ...records] = csvRecords(lines.join('\n'), '|');
  const width = Math.max(header.length, records[0]?.length ?? 0);
  if (records.slice(1).some((record) => record.length > width)) return undefined;
  const extra = width - header.length;
  // A cell before the first bar or behind the last one has no name, and is none.
  const named = header.flatMap((name, at) =>
    name === '' || name.startsWith('Unnamed') ? [] : [{ name: columnName(distinct(header, at)), at }],
  );
  const rows = records.map((record) =>
    Object.fromEntries(named.map(({ name, at }) => [name, cellOf(record[at + extra])])),
  );
  return { columns: named.map(({ name }) => name), rows };
}

/** A name that comes again gets a number. */
function distinct(header: readonly string[], at: number): string {
  const before = header.slice(0, at).filter((name) => name === header[at]).length;
  return before === 0 ? header[at]! : `${header[at]!}.${before}`;
}

const cellOf = (cell: string | undefined): Cell => (cell === undefined || NOTHING.has(cell) ? null : cell);

/** The right answer: a list of objects, its columns by the names that count. */
export function goldTable(answer: readonly Readonly<Record<string, unknown>>[]): Table {
  const keys = [...new Set(answer.flatMap((row) => Object.keys(row)))];
  const texts = new Map(keys.map((key) => [key, columnTexts(answer.map((row) => row[key] ?? null))]));
  const rows = answer.map((_row, at) =>
    Object.fromEntries(keys.map((key) => [columnName(key), texts.get(key)![at]!])),
  );
  return { columns: keys.map(columnName), rows };
}

/** A column of numbers with anything missing, or behind the point, is one of floats. */
function columnTexts(values: readonly unknown[]): Cell[] {
  const known = values.filter((value) => value !== null);
  const numbers = known.length > 0 && known.every((value) => typeof value === 'number');
  const floats = numbers && (known.length < values.length || !known.every(Number.isInteger));
  return values.map((value) => {
    if (value === null) return null;
    return floats ? pythonFloat(value as number) : pythonStr(asLossless(value));
  });
}
