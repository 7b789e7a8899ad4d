import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { startProvider } from '../support/provider/provider.mjs';
import { testPlatform } from './support.js';

/** A Python (3.12 or 3.13) with the package `nemo-platform` 0.6.0: the client that our users have. */
const PYTHON = process.env['NGYM_NEMO_PYTHON'] ?? 'python3';
const KEY = 'nvapi-0123456789abcdef';
const MODEL = 'meta/llama-3.1-8b-instruct';
const NAME = 'meta-llama-3-1-8b-instruct';

function clientMissing(): string | false {
  try {
    execFileSync(PYTHON, ['-c', 'import nemo_platform'], { stdio: 'ignore' });
    return false;
  } catch {
    return `${PYTHON} has no package nemo-platform (NGYM_NEMO_PYTHON names another)`;
  }
}

const missing = clientMissing();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function served() {
  const provider = await startProvider({ models: [MODEL], apiKey: KEY });
  ends.push(() => provider.close());
  const platform = await testPlatform();
  ends.push(() => platform.end());
  return { provider, platform };
}

describe.skipIf(missing !== false)(
  `the client of NeMo Platform${missing === false ? '' : `: ${missing}`}`,
  () => {
    it('makes the printed calls of its Python SDK', async () => {
      const { provider, platform } = await served();
      const script = path.join(import.meta.dirname, 'nemo-client.py');
      const { stdout } = await promisify(execFile)(PYTHON, [script, platform.url, provider.baseUrl, KEY]);
      const root = `${platform.url}/apis/inference-gateway/v2/workspaces/default`;
      expect(JSON.parse(stdout)).toEqual({
        created: 'CREATED',
        waited: true,
        'provider route': 'Hello',
        'model route': ['Hello', `default/${NAME}`],
        'openai route': 'Hello',
        'openai client': 'Hello',
        stream: 'Hello',
        'older prefix': ['Hello', 'Hello', 'Hello'],
        models: [NAME],
        'virtual models': [NAME],
        'openai models': [`default/${NAME}`],
        urls: [`${root}/openai/-/v1`, `${root}/model/${NAME}/-/v1`, `${root}/provider/my-nvidia-build/-`],
        exist_ok: provider.baseUrl,
        conflict: 409,
        gone: 404,
      });
    }, 180_000);

    it('runs the printed lines of its command line', async () => {
      const { provider, platform } = await served();
      const home = mkdtempSync(path.join(tmpdir(), 'ngym-nemo-'));
      ends.push(() => rm(home, { recursive: true, force: true }));
      const script = `
      echo "$NVIDIA_API_KEY" | nemo secrets create "nvidia-api-key" --from-file -
      nemo inference providers create "my-nvidia-build" --host-url "${provider.baseUrl}" --api-key-secret-name "nvidia-api-key"
      nemo wait inference provider my-nvidia-build
      nemo chat ${NAME} '[answer: Good day]'
      nemo chat ${MODEL} '[answer: Good day]' --provider my-nvidia-build
      nemo inference get-url
      nemo inference get-url --provider my-nvidia-build
      nemo inference get-url --virtual-model ${NAME}
      nemo inference providers list --workspace system
      unset NMP_BASE_URL
      nmp config set --base-url "${platform.url}" --workspace default
      nmp inference get-url --provider my-nvidia-build
      nmp chat ${NAME} '[answer: Good day]'`;
      const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], {
        env: {
          PATH: `${path.dirname(PYTHON)}:${process.env['PATH'] ?? ''}`,
          HOME: home,
          NMP_BASE_URL: platform.url,
          NVIDIA_API_KEY: KEY,
          NEMO_TELEMETRY_ENABLED: 'false',
        },
      });
      const root = `${platform.url}/apis/inference-gateway/v2/workspaces/default`;
      expect(stdout.match(/^Good day$/gm)).toHaveLength(3);
      for (const url of [
        `${root}/openai/-/v1`,
        `${root}/provider/my-nvidia-build/-`,
        `${root}/model/${NAME}/-`,
      ]) {
        expect(stdout.split('\n')).toContain(url);
      }
      expect(stdout).not.toContain(KEY);
    }, 300_000);
  },
);
