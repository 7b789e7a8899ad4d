import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, REPOSITORY } from '../../support/build.js';
import { startProvider, type Provider } from '../../support/provider/provider.mjs';
import { run, start, workspace, type Finished, type RunningProgram } from '../program.js';

const KEY = 'nvapi-0123456789abcdef';
const MODEL = 'meta/llama-3.1-8b-instruct';

let place: ReturnType<typeof workspace>;
let provider: Provider;
let platform: RunningProgram;
let url = '';

beforeAll(async () => {
  await ensureBuilt();
  place = workspace();
  provider = await startProvider({ models: [MODEL], apiKey: KEY });
  platform = start(['platform', 'start', '--port', '0'], { cwd: place.cwd });
  let told = '';
  platform.child.stdout!.on('data', (text: string) => (told += text));
  await platform.said('ready; clients:');
  url = told.trim();
});
afterAll(async () => {
  platform.child.kill('SIGTERM');
  expect((await platform.finished).code).toBe(0);
  await provider.close();
  place.remove();
});

function ng(args: readonly string[], input?: string): Promise<Finished> {
  return run(args, { cwd: place.cwd, env: { NMP_BASE_URL: url }, ...(input !== undefined && { input }) });
}

/** Runs a script in which `ng` is ours. */
async function shell(script: string): Promise<Finished> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-word-'));
  symlinkSync(path.join(REPOSITORY, 'bin', 'ng.js'), path.join(folder, 'ng'));
  const { spawn } = await import('node:child_process');
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: place.cwd,
    env: {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      HOME: place.cwd,
      NMP_BASE_URL: url,
      NVIDIA_API_KEY: KEY,
      ANTHROPIC_API_KEY: KEY,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  return { code, signal: null, stdout, stderr };
}

describe.skipIf(spawnSync('bash', ['--version']).status !== 0)('the tour of the documents', () => {
  it('runs as it is printed', async () => {
    const page = readFileSync(path.join(REPOSITORY, 'docs/platform.md'), 'utf8');
    const blocks = [...page.matchAll(/<!-- tour -->\n+```sh no-run\n([\s\S]*?)```/g)].map(
      (match) => match[1]!,
    );
    expect(blocks).toHaveLength(3);
    const script = blocks
      .join('')
      .replace('https://integrate.api.nvidia.com', provider.baseUrl)
      .replace('https://api.anthropic.com', provider.baseUrl)
      .replaceAll("'Hello!'", "'[answer: Good day]'");
    const { code, stdout, stderr } = await shell(script);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('"name": "meta-llama-3-1-8b-instruct"');
    expect(stdout.match(/^Good day$/gm)).toHaveLength(2);
    expect(stdout).toContain(`${url}/apis/inference-gateway/v2/workspaces/default/openai/-/v1\n`);
    expect(stdout).toContain(
      `${url}/apis/inference-gateway/v2/workspaces/default/provider/my-nvidia-build/-\n`,
    );
    expect(stdout).not.toContain(KEY);
  });
});

describe('the words of the platform’s client', () => {
  it('chat on with what is typed, everything that was said going along, until "exit"', async () => {
    const typed = '[answer: One]\n\n[answer: Two]\nexit\n[answer: Three]\n';
    const { code, stdout, stderr } = await ng(
      ['chat', 'meta-llama-3-1-8b-instruct', '--interactive', '--system-message', 'Be brief.'],
      typed,
    );
    expect([code, stdout, stderr]).toEqual([0, 'One\nTwo\n', '']);
    const { body } = provider.requests.at(-1)! as { body: { messages: { role: string }[] } };
    expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    const words = ['chat', 'meta-llama-3-1-8b-instruct', '[answer: First]', '-i'];
    expect((await ng(words, '[answer: Second]\n')).stdout).toBe('First\nSecond\n');
  });

  it('make tokens for a workspace, and show what a virtual model used', async () => {
    const made = await ng(['tokens', 'create', 'ci', '--scope', 'workspace']);
    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'ci',
      scope: 'workspace',
      token: expect.any(String),
    });
    const { token } = JSON.parse(made.stdout) as { token: string };
    const listed = await ng(['tokens', 'list', '-f', 'json']);
    expect(listed.stdout).toContain('"ci"');
    expect(listed.stdout).not.toContain(token);
    expect((await ng(['tokens', 'delete', 'ci'])).code).toBe(0);
    const usage = await ng(['inference', 'virtual-models', 'usage', 'meta-llama-3-1-8b-instruct']);
    expect(JSON.parse(usage.stdout)).toMatchObject({ data: [] });
  });

  it('make, show, change and remove things, in the formats of the reference', async () => {
    const made = await ng(
      ['secrets', 'create', 'one', '--from-file', '-', '--description', 'd'],
      'value-of-one\n',
    );
    expect([made.code, JSON.parse(made.stdout)]).toEqual([
      0,
      expect.objectContaining({ name: 'one', description: 'd' }),
    ]);
    expect((await ng(['secrets', 'access', 'one', '-f', 'raw'])).stdout).toContain('"value":"value-of-one"');
    const body = '{"host_url":"http://127.0.0.1:9/v1","description":"given"}';
    const created = await ng([
      'inference',
      'providers',
      'create',
      'pp',
      '--input-data',
      body,
      '--enabled-models',
      'a',
      '--enabled-models',
      'b',
      '-f',
      'yaml',
    ]);
    expect(created.stdout).toContain('enabled_models:\n  - a\n  - b\n');
    expect(
      (await ng(['inference', 'providers', 'create', 'pp', '--host-url', 'x', '--exist-ok'])).stdout,
    ).toContain('given');
    const filtered = await ng([
      '--base-url',
      url,
      'inference',
      'providers',
      'list',
      '--filter.host-url',
      'http://127.0.0.1:9/v1',
      '-f',
      'csv',
      '-c',
      'name,host_url',
    ]);
    expect(filtered.stdout).toBe('name,host_url\npp,http://127.0.0.1:9/v1\n');
    const changed = await ng(['inference', 'providers', 'update', 'pp', '--host-url', 'http://127.0.0.1:10']);
    expect(JSON.parse(changed.stdout)).toMatchObject({ host_url: 'http://127.0.0.1:10', description: null });
    const table = await ng(['models', 'create', 'mine', '--custom-fields', '{"a":1}', '--trust-remote-code']);
    expect(JSON.parse(table.stdout)).toMatchObject({ custom_fields: { a: 1 }, trust_remote_code: true });
    expect(
      (
        await ng([
          'models',
          'list',
          '--filter.name',
          'mine',
          '--output-format',
          'markdown',
          '--output-columns',
          'name',
        ])
      ).stdout,
    ).toBe('| name |\n| --- |\n| mine |\n');
    expect((await ng(['workspaces', 'create', 'other'])).code).toBe(0);
    expect((await ng(['secrets', 'list', '--workspace', 'other'])).stdout).toContain('"data": []');
    for (const gone of [
      ['secrets', 'delete', 'one'],
      ['inference', 'providers', 'delete', 'pp'],
      ['models', 'delete', 'mine'],
      ['workspaces', 'delete', 'other'],
    ]) {
      expect((await ng(gone)).code, gone.join(' ')).toBe(0);
    }
  });

  it('end with 3 for what the platform refuses, 2 for what was typed wrong, 1 for a wait in vain', async () => {
    const absent = await ng(['secrets', 'get', 'nope']);
    expect([absent.code, absent.stderr]).toEqual([3, 'Error: Secret default/nope not found (HTTP 404)\n']);
    const faults = await ng(['inference', 'providers', 'create', 'BAD']);
    expect([faults.code, faults.stderr]).toEqual([
      3,
      expect.stringContaining('body.host_url: Field required'),
    ]);
    const down = await run(['models', 'list', '--base-url', 'http://127.0.0.1:9'], { cwd: place.cwd });
    expect([down.code, down.stderr]).toEqual([3, expect.stringContaining('does not answer')]);
    for (const wrong of [
      ['secrets', 'creat'],
      ['secrets', 'get'],
      ['models', 'list', '--page', 'x'],
      ['inference', 'providers', 'create', 'pp', '--default-extra-body', '{'],
      ['models', 'list', '-f', 'code'],
      ['chat', 'm', 'x', '--provider', 'a/b'],
      ['inference', 'get-url', '--provider', 'a', '--virtual-model', 'b'],
    ]) {
      const { code, stderr } = await ng(wrong);
      expect([wrong.join(' '), code]).toEqual([wrong.join(' '), 2]);
      expect(stderr).toMatch(/^error: [\s\S]*fix: /);
      expect(stderr).not.toContain('    at ');
    }
    const waited = await ng([
      'wait',
      'inference',
      'provider',
      'nope',
      '--timeout',
      '1',
      '--poll-interval',
      '1',
    ]);
    expect([waited.code, waited.stderr]).toEqual([1, expect.stringContaining('Gateway timeout after 1s')]);
  });

  it('keep their settings where the reference’s client keeps them, for this user alone', async () => {
    const cwd = place.cwd;
    const bare = (args: readonly string[]): Promise<Finished> => run(args, { cwd });
    expect(
      (
        await bare([
          'config',
          'set',
          '--base-url',
          url,
          '--workspace',
          'default',
          '--api-key',
          'a-secret-token',
        ])
      ).code,
    ).toBe(0);
    const file = path.join(cwd, '.config/nmp/config.yaml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(`base_url: ${url}`);
    expect((await bare(['config', 'view', '--all-contexts'])).stdout).not.toContain('a-secret-token');
    expect((await bare(['models', 'list'])).code).toBe(0);
    await bare(['config', 'set', '--base-url', 'http://127.0.0.1:9', '--context', 'other', '--activate']);
    expect((await bare(['config', 'current-context'])).stdout).toBe('other\n');
    expect((await bare(['models', 'list'])).code).toBe(3);
    expect((await bare(['config', 'use-context', 'nope'])).code).toBe(2);
    await bare(['config', 'use-context', 'default']);
    await bare(['config', 'delete-context', 'other', '--prune-orphans']);
    expect(readFileSync(file, 'utf8')).not.toContain('127.0.0.1:9');
  });
});

describe('ng platform', () => {
  it('says what it serves, and 1 where nothing answers', async () => {
    const status = await ng(['platform', 'status', '--json']);
    expect([status.code, JSON.parse(status.stdout)]).toEqual([
      0,
      expect.objectContaining({ url, ready: true }),
    ]);
    const none = await ng(['platform', 'status', '--base-url', 'http://127.0.0.1:9']);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('does not answer')]);
  });

  it('refuses to start where it must not, in one message', async () => {
    const port = new URL(url).port;
    for (const [args, env, words] of [
      [['--host', '0.0.0.0', '--port', '0'], {}, 'without a token'],
      [['--port', port, '--database', ':memory:'], {}, 'the port is in use'],
      [['--port', '0'], {}, 'used by another platform'],
      [['--port', 'x'], {}, '--port is not a port number'],
      [['--port', '0'], { NGYM_MASTER_KEY: 'nonsense' }, 'NGYM_MASTER_KEY is not a key'],
      [['--port', '0'], { NGYM_PLATFORM_TOKEN: 'short' }, 'too short'],
      [['--port', '0', '--database', '/proc/none/p.db'], {}, '/proc/none'],
    ] as const) {
      const { code, stderr } = await run(['platform', 'start', ...args], { cwd: place.cwd, env: { ...env } });
      expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 2, expect.stringContaining(words)]);
      expect(stderr).not.toContain('    at ');
    }
  });
});
