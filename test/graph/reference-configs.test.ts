import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AGENT_TYPES } from '../../src/agents/index.js';
import type { LoadOptions, ServerInstance } from '../../src/config/index.js';
import { loadConfig } from '../../src/config/index.js';
import { loadEnvironment } from '../../src/environments/index.js';
import { NgError } from '../../src/errors/index.js';
import { implementations } from '../../src/graph/index.js';
import { checkKeys } from '../../src/graph/known-keys.js';
import { MODEL_TYPES } from '../../src/models/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';

interface Row {
  config_paths: string[];
}

const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-reference-'));

const options = ({ config_paths: files }: Row): LoadOptions => ({
  overrides: [
    `+config_paths=[${files.join(',')}]`,
    '+policy_base_url=http://127.0.0.1:9/v1',
    '+policy_api_key=k',
    '+policy_model_name=m',
    '+error_on_almost_servers=false',
  ],
  cwd,
  env: { NEMO_GYM_EXTRA_ROOTS: conformancePath('config', 'files') },
});

/** The keys that an implementation of ours knows; undefined for those that are not built in. */
async function keysOf({ type, implementation }: ServerInstance): Promise<readonly string[] | undefined> {
  if (type === 'responses_api_models') return (await MODEL_TYPES[implementation]?.())?.knownKeys;
  if (type === 'responses_api_agents') return AGENT_TYPES[implementation]?.configKeys;
  return (await loadEnvironment(implementation))?.configKeys;
}

describe.skipIf(conformanceMissing)('the configurations of the reference', () => {
  const rows = conformanceRows<Row>('config', 'resolved.jsonl');

  it('come to the same values and servers when what runs here is known', async () => {
    for (const row of rows) {
      const [plain, knowing] = await Promise.all(
        [options(row), { ...options(row), implementations }].map((given) =>
          loadConfig(given).catch((error: unknown) => error),
        ),
      );
      if (plain instanceof NgError || knowing instanceof NgError) {
        expect((knowing as NgError).code, row.config_paths.join()).toBe((plain as NgError).code);
        continue;
      }
      const [strict, relaxed] = [plain, knowing] as Awaited<ReturnType<typeof loadConfig>>[];
      expect(relaxed!.values).toEqual(strict!.values);
      // What runs here needs no `entrypoint`, and is a server without.
      const both = relaxed!.servers.filter(
        ({ name, config }) => 'entrypoint' in config || strict!.servers.some((one) => one.name === name),
      );
      expect(both).toEqual(strict!.servers);
    }
  });

  it('have no key that is taken for a slip of the pen', async () => {
    let blocks = 0;
    for (const row of rows) {
      const resolved = await loadConfig(options(row)).catch(() => undefined);
      for (const server of resolved?.servers ?? []) {
        const known = await keysOf(server);
        if (known === undefined) continue;
        blocks += 1;
        expect(() => checkKeys(resolved!, server, known, true)).not.toThrow();
      }
    }
    expect(blocks).toBeGreaterThan(100);
  });
});
