import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the observed behaviour of the reference lies; it is not part of the project. */
export const CONFORMANCE =
  process.env['NGYM_CONFORMANCE'] ?? path.resolve(import.meta.dirname, '../../../shared/conformance');

/** Reason to skip a conformance test, or false when the data is there. */
export const conformanceMissing: string | false = existsSync(CONFORMANCE)
  ? false
  : `no conformance data at ${CONFORMANCE} (set NGYM_CONFORMANCE)`;

export function conformancePath(...parts: string[]): string {
  return path.join(CONFORMANCE, ...parts);
}

/** The parsed lines of a JSONL file of the conformance data; empty when the data is absent. */
export function conformanceRows<Row>(...parts: string[]): Row[] {
  if (conformanceMissing !== false) return [];
  return readFileSync(conformancePath(...parts), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
