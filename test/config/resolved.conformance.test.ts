import path from 'node:path';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { ConfigObject, ServerInstance } from '../../src/config/index.js';
import { loadConfig } from '../../src/config/index.js';
import { NgError } from '../../src/errors/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';

interface Row {
  config_paths: string[];
  ok: boolean;
  config?: ConfigObject;
  error?: string;
}

/** The reference's class of error and our code for it. */
const CODES: Record<string, string> = {
  ServerRefNotFoundError: 'CONFIG_SERVER_REFERENCE',
  InterpolationKeyError: 'CONFIG_INTERPOLATION_KEY',
  ConfigMissingValuesError: 'CONFIG_MISSING_VALUES',
};

const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-config-'));

function load(row: Row): ReturnType<typeof loadConfig> {
  return loadConfig({
    overrides: [
      `+config_paths=[${row.config_paths.join(',')}]`,
      '+policy_base_url=http://127.0.0.1:9/v1',
      '+policy_api_key=k',
      '+policy_model_name=m',
      '+error_on_almost_servers=false',
    ],
    cwd,
    env: { NEMO_GYM_EXTRA_ROOTS: conformancePath('config', 'files') },
  });
}

function blockOf(values: ConfigObject, { name, type, implementation }: ServerInstance): ConfigObject {
  return ((values[name] as ConfigObject)[type] as ConfigObject)[implementation] as ConfigObject;
}

describe.skipIf(conformanceMissing)('configurations as the reference computes them', () => {
  const rows = conformanceRows<Row>('config', 'resolved.jsonl');

  it('has the recorded rows', () => {
    expect(rows.length).toBe(266);
  });

  it.each(rows.filter(({ ok }) => ok))('$config_paths', async (row) => {
    const { values, servers } = await load(row);
    const recorded = structuredClone(row.config!);
    // The reference fills these in by chance of the machine, so most recorded rows are without.
    for (const server of servers) {
      for (const all of [values, recorded]) {
        const block = blockOf(all, server);
        delete block['host'];
        delete block['port'];
      }
    }
    expect(values).toEqual(recorded);
    expect(JSON.stringify(values)).toBe(JSON.stringify(recorded));
  });

  it.each(rows.filter(({ ok }) => !ok))('refuses $config_paths', async (row) => {
    const error: unknown = await load(row).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NgError);
    expect((error as NgError).code).toBe(CODES[row.error!.split(/\W/)[0]!]);
  });
});
