import { describe, expect, it } from 'vitest';
import { NgError } from '../../../src/errors/index.js';
import { Dict } from '../../../src/config/grammar/index.js';
import type { Value } from '../../../src/config/grammar/index.js';
import { Float } from '../../../src/config/tree/index.js';
import { parseOverride } from '../../../src/config/override/index.js';
import { conformanceMissing, conformanceRows } from '../../support/conformance.js';

interface Row {
  override: string;
  ok: boolean;
  sweep?: boolean;
  type?: string;
  key?: string;
  value?: unknown;
}

const TYPES = { add: 'ADD', force_add: 'FORCE_ADD', change: 'CHANGE', delete: 'DEL' };

/** The notation of the recorded rows: `{$float: repr}`, keys as Python's json and str write them. */
function recorded(value: Value | undefined): unknown {
  if (value === undefined) return null;
  if (value instanceof Float) return { $float: value.toString() };
  if (Array.isArray(value)) return value.map(recorded);
  if (!(value instanceof Dict)) return value;
  return Object.fromEntries(
    value.entries.map(({ key, value: child }) => [
      key instanceof Float ? `{'$float': '${key.toString()}'}` : String(key),
      recorded(child),
    ]),
  );
}

describe.skipIf(conformanceMissing)('overrides as Hydra 1.3.2 reads them', () => {
  const rows = conformanceRows<Row>('config', 'overrides.jsonl');

  it('has the recorded rows', () => {
    expect(rows.length).toBe(119);
  });

  it.each(rows)('$override', (row) => {
    if (!row.ok) {
      expect(() => parseOverride(row.override)).toThrow(NgError);
      if (row.sweep === true) expect(() => parseOverride(row.override)).toThrow(/several runs/);
      return;
    }
    const parsed = parseOverride(row.override);
    expect(TYPES[parsed.operation]).toBe(row.type);
    expect(parsed.key).toBe(row.key);
    expect(recorded(parsed.value)).toEqual(row.value);
  });
});
