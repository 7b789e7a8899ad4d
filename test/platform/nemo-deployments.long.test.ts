import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { processExecutor } from '../../src/platform/deployments/executors/process.js';
import { NODE, SERVER } from './deployments/support.js';
import { testPlatform } from './support.js';

/** A Python (3.12 or 3.13) with the package `nemo-platform` 0.6.0: the client that our users have. */
const PYTHON = process.env['NGYM_NEMO_PYTHON'] ?? 'python3';

function clientMissing(): string {
  try {
    execFileSync(PYTHON, ['-c', 'import nemo_platform'], { stdio: 'ignore' });
    return '';
  } catch {
    return `: ${PYTHON} has no package nemo-platform (NGYM_NEMO_PYTHON names another)`;
  }
}

const missing = clientMissing();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A platform that may start the small server of the tests. */
async function deploying() {
  const platform = await testPlatform({
    executors: ({ clock }) => [
      processExecutor({ clock, allowed: [NODE], folder: null, env: process.env, graceMs: 300 }),
    ],
  });
  ends.push(() => platform.end());
  const command = [NODE, SERVER];
  return {
    platform,
    run: { gpu: 0, health_check_path: '/health', override_config: { process: { command } } },
  };
}

describe.skipIf(missing !== '')(`the client of NeMo Platform${missing}`, () => {
  it('makes, waits for and deletes deployments by its Python SDK', async () => {
    const { platform, run } = await deploying();
    const script = path.join(import.meta.dirname, 'nemo-deployments.py');
    const { stdout } = await promisify(execFile)(PYTHON, [script, platform.url, JSON.stringify(run)]);
    const root = `${platform.url}/apis/inference-gateway/v2/workspaces/default`;
    expect(JSON.parse(stdout)).toEqual({
      config: 1,
      update: 2,
      versions: [2, 1],
      created: ['CREATED', 2],
      waited: true,
      history: ['CREATED', 'PENDING', 'READY'],
      provider: 'default/my-deployment',
      url: `${root}/provider/my-deployment/-/v1`,
      listed: ['my-deployment'],
      reply: 'tiny',
      'in use': 409,
      deleted: true,
    });
  }, 180_000);

  it('makes, waits for and deletes deployments by its command line', async () => {
    const { platform, run } = await deploying();
    const home = mkdtempSync(path.join(tmpdir(), 'ngym-nemo-'));
    ends.push(() => rm(home, { recursive: true, force: true }));
    const script = `
      nemo inference deployment-configs create cfg --engine generic --model-spec '{}' --executor-config '${JSON.stringify(run)}'
      nemo inference deployments create my-deployment --config cfg
      nemo wait inference deployment my-deployment --status READY --timeout 60 --poll-interval 1
      nemo inference deployments list -f json
      nemo inference deployments delete my-deployment`;
    const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], {
      env: {
        PATH: `${path.dirname(PYTHON)}:${process.env['PATH'] ?? ''}`,
        HOME: home,
        NMP_BASE_URL: platform.url,
        NEMO_TELEMETRY_ENABLED: 'false',
      },
    });
    expect(stdout).toContain('Deployment reached READY status!');
    expect(stdout).toContain('Gateway is ready!');
    expect(stdout).toContain('"model_provider_id": "default/my-deployment"');
  }, 300_000);
});
