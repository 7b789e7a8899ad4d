import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { run, workspace } from './program.js';

const here = workspace();
beforeAll(ensureBuilt);
afterAll(here.remove);

const ng = (...args: string[]) => run(args, { cwd: here.cwd });

describe('help', () => {
  it.each([
    ['ng', '--help'],
    ['ng-eval', 'eval', '--help'],
    ['ng-eval-run', 'eval', 'run', '--help'],
    ['ng-eval-aggregate', 'help', 'eval', 'aggregate'],
    ['ng-env-resolve', 'env', 'resolve', '-h'],
    ['ng-env-validate', 'env', 'validate', '+help=true'],
    ['ng-dataset-render', 'dataset', 'render', '--help'],
    ['ng-list-models', 'list', 'models', '--help'],
  ])('%s', async (file, ...args) => {
    const { code, stdout, stderr } = await ng(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(`golden/${file}.txt`);
  });

  it('is printed on stdout with exit 2 when a command is missing', async () => {
    const group = await ng('eval');
    expect(group).toMatchObject({ code: 2, stderr: '' });
    expect(group.stdout).toBe((await ng('eval', '--help')).stdout);
    const bare = await ng();
    expect(bare).toMatchObject({ code: 2, stdout: (await ng('--help')).stdout });
  });

  it('is what ng_help prints', async () => {
    const { code, stdout } = await run([], { cwd: here.cwd, name: 'ng_help' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: (await ng('--help')).stdout });
  });

  it('costs little more than starting Node', () => {
    const probe = path.join(here.cwd, 'probe.cjs');
    writeFileSync(
      probe,
      "process.on('exit', () => { const u = process.resourceUsage(); require('fs').writeSync(2, String(u.userCPUTime + u.systemCPUTime)); });",
    );
    const cpu = (...args: string[]): number =>
      Math.min(
        ...Array.from({ length: 5 }, () =>
          Number(spawnSync(process.execPath, ['-r', probe, ...args], { encoding: 'utf8' }).stderr),
        ),
      );
    const bare = cpu('-e', '0');
    const help = cpu(path.join(REPOSITORY, 'bin/ng.js'), 'eval', 'run', '--help');
    expect(bare).toBeGreaterThan(0);
    // Microseconds of CPU on top of bare Node; the budget is 0.15 s and the real figure about a third of it.
    expect(help - bare).toBeLessThan(150_000);
  });

  it('loads neither the configuration nor the network', async () => {
    const { stderr } = await run(['--help'], { cwd: here.cwd, env: { NODE_DEBUG: 'esm' } });
    expect(stderr).toContain('node_modules/commander');
    for (const heavy of ['node_modules/undici', 'node_modules/zod', 'node_modules/yaml', 'cli-progress']) {
      expect(stderr).not.toContain(heavy);
    }
  });
});

describe('version', () => {
  it('prints one line, or a report as JSON, by each of its names', async () => {
    const line = await ng('--version');
    expect(line.stdout).toMatch(/^ngym \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+, \w+ \w+\)\n$/);
    const report = await ng('--version', '--json');
    expect(Object.keys(JSON.parse(report.stdout))).toEqual([
      'ngym',
      'node',
      'node_path',
      'installation_path',
      'dependencies',
      'system',
    ]);
    const old = await run(['+json=true'], { cwd: here.cwd, name: 'ng_version' });
    expect(old).toEqual(report);
  });
});

describe('mistakes in the command line', () => {
  it.each([
    [
      'evla run',
      'error: Unknown command "evla". Did you mean "eval"?\n  fix: Run "ng --help" for the list of commands.\n',
    ],
    [
      'eval rnu',
      'error: Unknown command "rnu". Did you mean "run"?\n  fix: Run "ng eval --help" for the list of commands.\n',
    ],
    [
      'eval run --ouptut x',
      'error: Unknown flag "--ouptut" of "ng eval run". Did you mean "--output" or "--input"?\n  fix: Run "ng eval run --help" for its flags; other settings are given as +key=value.\n',
    ],
    [
      'eval run --output',
      'error: The flag -o, --output <path> needs a value.\n  fix: Run "ng eval run --help" for its flags.\n',
    ],
    [
      'eval run data.jsonl',
      'error: Unexpected word "data.jsonl" after "ng eval run".\n  fix: Settings are given as +key=value, e.g. +limit=5; run "ng eval run --help" for the flags.\n',
    ],
    [
      'eval NOSUCH --help',
      'error: Unknown command "NOSUCH".\n  fix: Run "ng eval --help" for the list of commands.\n',
    ],
    ['nosuch --help', 'error: Unknown command "nosuch".\n  fix: Run "ng --help" for the list of commands.\n'],
    [
      'eval run --preflight',
      'error: "ng eval run" has no flag "--preflight": it is a parameter.\n  fix: Give it as "+preflight=true".\n',
    ],
    [
      'eval run --record x',
      'error: "ng eval run" has no flag "--record": it is a parameter.\n  fix: Give it as "+record=<path>".\n',
    ],
    [
      'eval submit',
      'error: "ng eval submit" is not available.\n  fix: Job submission is not part of ngym: start "ng eval run" from your job script.\n',
    ],
  ])('ng %s', async (line, message) => {
    const { code, stdout, stderr } = await ng(...line.split(' '));
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: message });
  });

  it.each(['env packages', 'eval health-check', 'eval export', 'dataset upload'])(
    'ng %s, of the reference, says what to do instead',
    async (line) => {
      const { code, stderr } = await ng(...line.split(' '));
      expect(code).toBe(2);
      expect(stderr).toMatch(new RegExp(`^error: "ng ${line}" is not available\\.\\n  fix: .{20}`));
    },
  );
});
