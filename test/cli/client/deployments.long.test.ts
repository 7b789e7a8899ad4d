import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, REPOSITORY } from '../../support/build.js';
import { answers, SERVER } from '../../platform/deployments/support.js';
import { until } from '../../platform/support.js';
import { run, start, workspace, type Finished, type RunningProgram } from '../program.js';

let place: ReturnType<typeof workspace>;
let platform: RunningProgram;
let url = '';

const env = (): Record<string, string> => ({
  NMP_BASE_URL: url,
  // A program of this name that is one of ours.
  PATH: `${place.cwd}/programs:${REPOSITORY}/test:${process.env['PATH'] ?? ''}`,
});

async function startPlatform(port = '0'): Promise<void> {
  const words = ['platform', 'start', '--port', port, '--deployments', 'process,external'];
  platform = start([...words, '--allow-programs', 'llama-server'], { cwd: place.cwd, env: env() });
  let told = '';
  platform.child.stdout!.on('data', (text: string) => (told += text));
  await platform.said('ready; clients:');
  url = told.trim();
}

beforeAll(async () => {
  await ensureBuilt();
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${SERVER}' "$@"\n`;
  place = workspace({ 'programs/llama-server': shim });
  chmodSync(path.join(place.cwd, 'programs/llama-server'), 0o755);
  const bin = path.join(REPOSITORY, 'bin', 'ng.js');
  writeFileSync(path.join(place.cwd, 'programs/ng'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
  chmodSync(path.join(place.cwd, 'programs/ng'), 0o755);
  await startPlatform();
});
afterAll(async () => {
  platform.child.kill('SIGTERM');
  expect((await platform.finished).code).toBe(0);
  place.remove();
});

function ng(...args: string[]): Promise<Finished> {
  return run(args, { cwd: place.cwd, env: { NMP_BASE_URL: url } });
}

const CONFIG = {
  engine: 'generic',
  model_spec: {},
  executor_config: { gpu: 0, image_name: 'llama-server', health_check_path: '/health' },
};

async function hostOf(name: string): Promise<string> {
  const { stdout } = await ng('inference', 'providers', 'get', name);
  return (JSON.parse(stdout) as { host_url: string }).host_url;
}

describe('the tour of the documents', () => {
  it.skipIf(spawnSync('bash', ['--version']).status !== 0)('runs as it is printed', async () => {
    const page = readFileSync(path.join(REPOSITORY, 'docs/deployments.md'), 'utf8');
    const blocks = [...page.matchAll(/<!-- tour -->\n+```sh no-run\n([\s\S]*?)```/g)].map(
      (match) => match[1]!,
    );
    expect(blocks).toHaveLength(2);
    const { spawn } = await import('node:child_process');
    const child = spawn('bash', ['-e', '-c', blocks.join('')], {
      cwd: place.cwd,
      env: { ...env(), HOME: place.cwd },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toMatch(/\[\d\d:\d\d:\d\d\] \(\+\d+s\) Status: CREATED - Deployment created\n/);
    expect(stdout).toContain('✓ Deployment reached READY status!\n');
    expect(stdout).toContain('test/tiny streams');
    expect(stdout).toContain('serving /models/tiny.gguf');
    expect(stdout).toContain('"entity_version": 2');
    expect(stdout).toContain('✓ Deployment DELETED!\n');
  });
});

describe('the words for deployments', () => {
  it('end as the reference’s do', async () => {
    const made = await ng(
      'inference',
      'deployment-configs',
      'create',
      'bad',
      '--input-data',
      JSON.stringify({
        ...CONFIG,
        executor_config: { ...CONFIG.executor_config, additional_args: ['--fail'] },
      }),
    );
    expect(made.code, made.stderr).toBe(0);
    const failed = await ng(
      'inference',
      'deployments',
      'create',
      'bad',
      '--config',
      'bad',
      '--wait',
      '--poll-interval',
      '1',
    );
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^✗ Deployment entered ERROR state: .*CUDA out of memory/);
    expect((await ng('wait', 'inference', 'deployment', 'bad', '-s', 'ERROR')).code).toBe(0);
    const never = { ...CONFIG.executor_config, additional_args: ['--never'] };
    const late = JSON.stringify({ ...CONFIG, executor_config: never });
    await ng('inference', 'deployment-configs', 'create', 'late', '--input-data', late);
    await ng('inference', 'deployments', 'create', 'late', '--config', 'late');
    const waited = await ng('wait', 'inference', 'deployment', 'late', '-t', '1');
    expect([waited.code, waited.stderr]).toEqual([
      1,
      '✗ Timeout after 1s. Last status: PENDING - Starting llama-server\n',
    ]);
    expect((await ng('inference', 'deployments', 'delete', 'late')).code).toBe(0);
    const gone = await ng('wait', 'inference', 'deployment', 'nope');
    expect([gone.code, gone.stderr]).toEqual([1, '✗ Deployment not found\n']);
    const absent = await ng('inference', 'deployments', 'get', 'nope');
    expect([absent.code, absent.stderr]).toEqual([
      3,
      "Error: Deployment 'default/nope' not found (HTTP 404)\n",
    ]);
    const listed = await ng(
      'inference',
      'deployments',
      'list',
      '--filter.status',
      'ERROR',
      '-f',
      'csv',
      '-c',
      'name,status',
    );
    expect(listed.stdout).toBe('name,status\nbad,ERROR\n');
    const version = await ng('inference', 'deployment-configs', 'versions', 'get', '1', '--config', 'bad');
    expect(JSON.parse(version.stdout)).toMatchObject({ name: 'bad', entity_version: 1 });
    expect((await ng('inference', 'deployment-configs', 'versions', 'get', '1')).code).toBe(2);
    const used = await ng('inference', 'deployment-configs', 'delete', 'bad');
    expect([used.code, used.stderr]).toEqual([3, expect.stringContaining('still reference it')]);
    const set = await ng(
      'inference',
      'deployments',
      'update-status',
      'bad',
      '--status',
      'LOST',
      '--status-message',
      'm',
    );
    expect(JSON.parse(set.stdout)).toMatchObject({ status: 'LOST', status_message: 'm' });
    expect((await ng('inference', 'deployments', 'delete', 'bad')).code).toBe(0);
  });

  it('of the platform say what is wrong with them', async () => {
    for (const wrong of [
      ['--deployments', 'process'],
      ['--deployments', 'kubernetes'],
      ['--allow-programs', 'x'],
    ]) {
      const { code, stderr } = await run(['platform', 'start', '--port', '0', ...wrong], {
        cwd: place.cwd,
        env: { HOME: path.join(place.cwd, 'other') },
      });
      expect([code, stderr], wrong.join(' ')).toEqual([2, expect.stringMatching(/^error: [\s\S]*fix: /)]);
    }
  });
});

describe('a platform that is killed', () => {
  it('takes its servers with it, however it ends, and the next one starts them again', async () => {
    await ng(
      'inference',
      'deployment-configs',
      'create',
      'kept',
      '--input-data',
      JSON.stringify({
        ...CONFIG,
        executor_config: { ...CONFIG.executor_config, additional_args: ['--model', 'kept', '--deaf'] },
      }),
    );
    const made = await ng(
      'inference',
      'deployments',
      'create',
      'kept',
      '--config',
      'kept',
      '--wait',
      '--poll-interval',
      '1',
    );
    expect(made.code, made.stderr).toBe(0);
    const host = await hostOf('kept');
    platform.child.kill('SIGKILL');
    await platform.finished;
    const { port } = new URL(url);
    await startPlatform(port);
    const again = await ng('wait', 'inference', 'deployment', 'kept', '--poll-interval', '1');
    expect([again.code, again.stdout], again.stderr).toEqual([
      0,
      expect.stringContaining('Starting again, after a restart of the platform'),
    ]);
    const other = await hostOf('kept');
    expect(other).not.toBe(host);
    expect(await answers(other)).toBe(true);
    // The one before does not heed SIGTERM: its leash ends it all the same.
    for (let tries = 0; tries < 4; tries += 1)
      await until(async () => !(await answers(host))).catch(() => undefined);
    expect(await answers(host)).toBe(false);
  });
});
