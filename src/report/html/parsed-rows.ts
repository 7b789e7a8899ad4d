import { existsSync } from 'node:fs';
import { errors, NgError } from '../../errors/index.js';
import type { JsonObject } from '../../protocol/index.js';
import { scanRow } from '../../metrics/index.js';
import { storedLines, type StoredLine } from '../files/lines.js';
import { rewardIn } from '../files/scan.js';

/** A stored row read whole, and the line it stands in. */
export interface ParsedRow {
  row: JsonObject;
  line: StoredLine;
  task: number;
  rollout: number;
  /** Empty when the row names none. */
  agent: string;
}

const index = (value: unknown): number => (typeof value === 'number' ? value : 0);

function parse(file: string, line: StoredLine): ParsedRow {
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch (error) {
    throw errors.reportBadLine(file, line.number, (error as Error).message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.reportBadLine(file, line.number, 'it is not a JSON object');
  }
  const row = value as JsonObject;
  const ref = row.agent_ref as JsonObject | null | undefined;
  const agent = typeof ref?.name === 'string' ? ref.name : '';
  return { row, line, task: index(row._ng_task_index), rollout: index(row._ng_rollout_index), agent };
}

/** A row of a rollouts file. Throws NgError when it cannot be read or has no reward. */
export function parseResult(file: string, line: StoredLine): ParsedRow {
  let whole: ReturnType<typeof scanRow>;
  try {
    whole = scanRow(line.text);
  } catch {
    return parse(file, line);
  }
  // Before the row is parsed: `NaN`, which Python writes, is no JSON, and the line is whole all the same.
  rewardIn(file, line, whole);
  return parse(file, line);
}

/** A row of one line, read before. Throws NgError `REPORT_BAD_LINE`. */
export function parseStored(file: string, line: StoredLine): ParsedRow {
  return parse(file, line);
}

/**
 * The rows of a stored file, whole, one at a time. A last line that cannot be read is half written by a run that is
 * still going or was killed: `onTorn` is told and it is left out. Throws NgError `REPORT_BAD_LINE` for any other, and
 * what `read` throws besides.
 */
export async function* parsedRows(
  file: string,
  what: string,
  onTorn: (line: StoredLine) => void,
  read: (file: string, line: StoredLine) => ParsedRow = parse,
): AsyncGenerator<ParsedRow, void, void> {
  let bad: { line: StoredLine; error: unknown } | null = null;
  for await (const line of storedLines(file, what)) {
    if (bad !== null) throw bad.error;
    let parsed: ParsedRow;
    try {
      parsed = read(file, line);
    } catch (error) {
      if (!(error instanceof NgError && error.code === 'REPORT_BAD_LINE')) throw error;
      bad = { line, error };
      continue;
    }
    yield parsed;
  }
  if (bad !== null) onTorn(bad.line);
}

/** As {@link parsedRows}, for a file that need not be there. */
export async function* optionalRows(
  file: string,
  onTorn: (line: StoredLine) => void,
): AsyncGenerator<ParsedRow, void, void> {
  if (existsSync(file)) yield* parsedRows(file, 'stored file', onTorn);
}
