import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fences } from './support/markdown.js';

const root = path.resolve(import.meta.dirname, '..');

const blocks = fences('README.md');

const commands = (heading: string): string[] =>
  blocks
    .filter(
      (block) => block.language === 'sh' && !block.marks.includes('no-run') && block.heading === heading,
    )
    .flatMap((block) => block.text.trim().split('\n'));

/** Times and places differ from run to run; everything else in the printed output is promised. */
function steady(output: string): string {
  return output
    .replaceAll(/\d+(\.\d+)?\s?m?s\b/g, '<time>')
    .replaceAll(/\S*\/results\//g, 'results/')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

describe('the README in a fresh clone', () => {
  let clone: string;

  beforeAll(() => {
    clone = mkdtempSync(path.join(tmpdir(), 'ngym-readme-'));
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const file of listed.trim().split('\n')) {
      if (existsSync(path.join(root, file)))
        cpSync(path.join(root, file), path.join(clone, file), { recursive: true });
    }
  });

  afterAll(() => {
    rmSync(clone, { recursive: true, force: true });
  });

  const run = (command: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(command, {
      cwd: clone,
      shell: true,
      encoding: 'utf8',
      timeout: 280_000,
      env: cleanEnvironment(),
    });

  it('runs its main command in a fresh clone and prints what the README shows', { timeout: 300_000 }, () => {
    expect(commands('## See it work')).toEqual(['npm run quickstart']);
    const { status, stdout, stderr } = run('npm run --silent quickstart');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const shown = blocks.find((block) => block.language === 'text' && block.heading === '## See it work');
    expect(steady(stdout)).toBe(steady(shown?.text ?? ''));
  });

  it('sets up with two commands', { timeout: 300_000 }, () => {
    const setUp = commands('## Set up');
    expect(setUp).toHaveLength(2);
    for (const command of setUp) {
      const { status, stderr } = run(command);
      expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({
        command,
        status: 0,
        stderr: '',
      });
    }
  });
});

/** What a new user's shell would have: nothing of the test runner's, nothing of npm's own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|NODE_OPTIONS|NODE_ENV)/.test(name),
  );
  return Object.fromEntries(kept);
}
