import { errors } from '../../errors/index.js';
import { scanRow, storedReward, type ScannedRow } from '../../metrics/index.js';
import type { StoredLine } from './lines.js';

/** Scans a stored line. Throws NgError `REPORT_BAD_LINE` with file and line when it is not one JSON object. */
export function scanStored(file: string, line: StoredLine, wanted?: ReadonlySet<string>): ScannedRow {
  try {
    return scanRow(line.text, wanted);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw errors.reportBadLine(file, line.number, error.message);
  }
}

/** The reward of a row of a rollouts file, null where it is masked. Throws NgError with file and line when it has none. */
export function rewardIn(file: string, line: Pick<StoredLine, 'number'>, row: ScannedRow): number | null {
  const { value, fault } = storedReward(row);
  if (fault !== null) throw errors.resultWithoutReward(file, line.number, fault);
  return value;
}
