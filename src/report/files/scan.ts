import { errors } from '../../errors/index.js';
import { scanRow, type ScannedRow } from '../../metrics/index.js';
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
