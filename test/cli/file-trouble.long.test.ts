import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { run, type Finished } from './program.js';

const CONFIGS = [
  ['--config', 'resources_servers/mcqa/configs/mcqa.yaml'],
  ['--config', 'responses_api_models/inference_provider/configs/embedded.yaml'],
].flat();
const EXAMPLE = path.join(REPOSITORY, 'data/resources_servers/mcqa/data/example.jsonl');

let folder = '';
const mounts: string[] = [];

/** A file system of its own; null where this process may not mount one. */
function mounted(name: string, options: string): string | null {
  const at = path.join(folder, name);
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    return null;
  }
  mounts.push(at);
  return at;
}

function collect(output: string, input = EXAMPLE): Promise<Finished> {
  const words = ['eval', 'run', ...CONFIGS, '--no-serve', '--agent', 'mcqa_simple_agent'];
  return run([...words, '--input', input, '--output', output], { cwd: folder });
}

/** One message with a fix, no stack, and the right code. */
function told({ code, stderr }: Finished, wanted: number, words: string): void {
  expect(stderr).toContain(words);
  expect(stderr).toContain('fix: ');
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+\)?$/m);
  expect(stderr).not.toContain('error in ngym');
  expect(code).toBe(wanted);
}

beforeAll(async () => {
  await ensureBuilt();
  folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-files-'));
}, 180_000);

afterAll(() => {
  for (const at of mounts) execFileSync('umount', [at]);
  rmSync(folder, { recursive: true });
});

describe('files that cannot be written or read', () => {
  it.each([
    [
      'a link to itself',
      () => symlinkSync('loop.jsonl', path.join(folder, 'loop.jsonl')),
      'loop.jsonl',
      'lead in a circle',
    ],
    [
      'a folder',
      () => mkdirSync(path.join(folder, 'a-folder')),
      'a-folder',
      'is a folder, and a file is wanted',
    ],
    [
      'below a file',
      () => writeFileSync(path.join(folder, 'a-file'), ''),
      'a-file/out.jsonl',
      'is a file, not a folder',
    ],
    ['where no folder can be made', () => undefined, '/proc/99999999/x/out.jsonl', 'cannot be made'],
    ['a name that is too long', () => undefined, `${'n'.repeat(300)}.jsonl`, 'too long'],
  ])('says what is wrong with an output that is %s', async (_what, prepare, output, words) => {
    prepare();
    told(await collect(output), 2, words);
  });

  it('says that a file system is read-only', async (context) => {
    const at = mounted('read-only', 'ro,size=64k');
    if (at === null) return context.skip('mounting a file system is not allowed here');
    told(await collect(path.join(at, 'out.jsonl')), 2, 'read-only');
    told(await collect(path.join(at, 'sub/out.jsonl')), 2, 'read-only');
  });

  it.for([4, 16, 40])('is incomplete on a disk of %d KiB, and goes on with room', async (size, context) => {
    const at = mounted(`small-${size}`, `size=${size}k`);
    if (at === null) return context.skip('mounting a file system is not allowed here');
    const rows = path.join(folder, `rows-${size}.jsonl`);
    writeFileSync(rows, readFileSync(EXAMPLE, 'utf8').repeat(4));
    const output = path.join(at, 'out.jsonl');
    const full = await collect(output, rows);
    expect(full.stderr).toContain('the disk is full');
    expect(full.stderr).not.toContain('error in ngym');
    expect(full.code).toBe(3);
    execFileSync('mount', ['-o', 'remount,size=4m', at]);
    const again = await collect(output, rows);
    expect(again.stdout).toContain('20 rollouts planned = 20 scored');
    expect(again.code).toBe(0);
  });

  it.each([
    ['eval report'],
    ['eval gate --rule mean>=0'],
    ['eval plan'],
    ['eval compare a-folder-to-read'],
    ['eval profile --inputs a-folder-to-read --rollouts'],
    [
      'eval reverify --config resources_servers/mcqa/configs/mcqa.yaml --output x.jsonl --inputs a-folder-to-read --rollouts',
    ],
    ['env validate --config'],
    ['dataset render --prompt-config a-folder-to-read --output x.jsonl --input'],
  ])('says that a folder is no file: ng %s', async (words) => {
    mkdirSync(path.join(folder, 'a-folder-to-read'), { recursive: true });
    told(await run([...words.split(' '), 'a-folder-to-read'], { cwd: folder }), 2, 'a folder');
  });
});
