import { spawnSync } from 'node:child_process';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';

const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-server-text-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The Python that has the reference's own reader. */
const GYM = process.env['NGYM_GYM_PYTHON'];

const YAML = `
policy_api_key: sk-very-secret-value-1234
temperature: 1.0
tiny: 1.0e-07
whole: 12
nothing: null
yes_word: 'yes'
date: '2024-01-02'
octal: '0o17'
literal: 'costs \\\${price} and \\\\\\\${x}'
lines: "a\\nb: c\\t# d"
odd: "caf\\u00e9 \\u2028 \\u0085 \\u007f \\U0001F600 \\"q\\" {[,]}"
list: [1, 2.5, [], {}]
judge:
  responses_api_models:
    inference_provider: { entrypoint: app.py, base_url: 'http://127.0.0.1:9/v1', api_key: '\${policy_api_key}', model: m }
`;

async function text(): Promise<string> {
  writeFileSync(path.join(cwd, 'c.yaml'), YAML);
  const resolved = await loadConfig({ cwd, env: {}, overrides: ['+config_paths=[c.yaml]'] });
  const over = { judge: { responses_api_models: { inference_provider: { host: '127.0.0.1', port: 8123 } } } };
  return resolved.forServers({ ...over, dry_run: false });
}

describe('the configuration as a server process gets it', () => {
  it('is JSON with every secret, and addresses laid over it', async () => {
    const read = JSON.parse(await text()) as Record<string, unknown>;
    expect(read).toMatchObject({
      policy_api_key: 'sk-very-secret-value-1234',
      whole: 12,
      nothing: null,
      yes_word: 'yes',
      lines: 'a\nb: c\t# d',
      odd: 'café \u2028 \u0085 \u007f 😀 "q" {[,]}',
      list: [1, 2.5, [], {}],
      dry_run: false,
      judge: {
        responses_api_models: {
          inference_provider: {
            api_key: 'sk-very-secret-value-1234',
            base_url: 'http://127.0.0.1:9/v1',
            host: '127.0.0.1',
            port: 8123,
          },
        },
      },
    });
  });

  it('keeps floats floats, and marks what only looks like an interpolation', async () => {
    const written = await text();
    expect(written).toContain('"temperature": 1.0,');
    expect(written).toContain('"tiny": 1.0e-07,');
    const { literal } = JSON.parse(written) as { literal: string };
    expect(literal).toBe('costs \\${price} and \\\\\\${x}');
  });

  it.skipIf(GYM === undefined)(
    'reads the same with OmegaConf (NGYM_GYM_PYTHON names a Python that has it)',
    async () => {
      const script =
        'import sys, json; from omegaconf import OmegaConf as O; ' +
        'c = O.to_container(O.create(sys.stdin.read()), resolve=True); print(json.dumps(c))';
      const { stdout, stderr } = spawnSync(GYM!, ['-c', script], { input: await text(), encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toContain('"temperature": 1.0,');
      const read = JSON.parse(stdout) as Record<string, unknown>;
      expect(read).toMatchObject({
        tiny: 1e-7,
        whole: 12,
        nothing: null,
        yes_word: 'yes',
        date: '2024-01-02',
        octal: '0o17',
        literal: 'costs ${price} and \\${x}',
        lines: 'a\nb: c\t# d',
        odd: 'café \u2028 \u0085 \u007f 😀 "q" {[,]}',
      });
    },
  );
});
