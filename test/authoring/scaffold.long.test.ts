import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS, LANGUAGES } from '../../src/authoring/index.js';
import { run, workspace } from '../cli/program.js';
import { ensureBuilt } from '../support/build.js';

const here = workspace();
beforeAll(ensureBuilt);
afterAll(here.remove);

const ng = (...args: string[]) => run(args, { cwd: here.cwd });

function pythonMissing(): boolean {
  try {
    execFileSync('python3', ['-c', 'import http.server']);
    return false;
  } catch {
    return true;
  }
}

/** Rewards of the five recorded answers: the last one is wrong on purpose. */
const REWARDS = [1, 1, 1, 1, 0];

const MADE = LANGUAGES.flatMap((lang) => KINDS.map((kind) => ({ kind, lang, name: `${kind}_${lang}` })));

describe.each(MADE)('ng env init --kind $kind --lang $lang', ({ kind, lang, name }) => {
  it.skipIf(lang === 'py' && pythonMissing())(
    'makes an environment that runs, and passes its test',
    async () => {
      const made = await ng('env', 'init', name, '--kind', kind, '--lang', lang, '--json');
      expect(made).toMatchObject({ code: 0, stderr: '' });
      const { agent, files } = JSON.parse(made.stdout) as { agent: string; files: string[] };
      const folder = `resources_servers/${name}`;
      for (const file of files) {
        const text = readFileSync(path.join(here.cwd, folder, file), 'utf8');
        expect(text, file).not.toMatch(/my_environment|MY_/);
      }
      const output = `results/${name}.jsonl`;
      const played = await ng(
        ...['eval', 'run', '--resources-server', name, '--config', `${folder}/configs/offline.yaml`],
        ...['--agent', agent, '--input', `${folder}/data/example.jsonl`, '--output', output],
      );
      expect(played.code, played.stderr).toBe(0);
      const rows = readFileSync(path.join(here.cwd, output), 'utf8').trim().split('\n');
      const byTask = rows
        .map((line) => JSON.parse(line) as { reward: number; _ng_task_index: number })
        .sort((a, b) => a._ng_task_index - b._ng_task_index);
      expect(byTask.map(({ reward }) => reward)).toEqual(REWARDS);

      if (kind !== 'turns')
        writeFileSync(path.join(here.cwd, folder, 'data/example_rollouts.jsonl'), `${rows.join('\n')}\n`);
      const tried = await ng('env', 'test', name, '--json');
      expect(tried.code, tried.stdout + tried.stderr).toBe(0);
      expect(JSON.parse(tried.stdout)).toMatchObject({
        rows: { right: 5, all: 5 },
        findings: [],
        range: [0, 1],
        rollouts: kind === 'turns' ? { all: 0 } : { right: 5, all: 5 },
      });
    },
  );

  it.skipIf(lang === 'py' && pythonMissing())('fails its test when it is broken', async () => {
    const file = path.join(here.cwd, `resources_servers/${name}/tests/cases.jsonl`);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace(/"reward":1/, '"reward":0.5'));
    const tried = await ng('env', 'test', name);
    writeFileSync(file, whole);
    expect(tried.code).toBe(1);
    expect(tried.stdout).toMatch(/tests\/cases\.jsonl:\d+ \w+: (?:step \d+\.)?reward: 1, expected 0\.5/);
  });
});

describe('the older names', () => {
  it('make and test an environment, one or all', async () => {
    const old = (name: string, ...args: string[]) => run(args, { cwd: here.cwd, name });
    const made = await old('ng_init_resources_server', '+entrypoint=resources_servers/older');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('ng env test older');
    const tried = await old('ng_test', '+entrypoint=resources_servers/older');
    expect(tried.stdout).toMatch(/^older \(resources_servers\/older\)\n(?: {2}.*\n)* {2}passed\n$/);
    expect(tried.code).toBe(0);
    expect((await old('ng_test_all', '+json=true')).code).toBe(0);
  });

  it('say what is missing', async () => {
    for (const word of ['init', 'test', 'schema']) {
      const { code, stderr } = await ng('env', word);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        new RegExp(`^error: "ng env ${word}" needs the name of an environment\\.\\n {2}fix: `),
      );
    }
    const kind = await ng('env', 'init', 'x', '--kind', 'tool');
    expect(kind).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "tools"?') });
    const known = await ng('env', 'init', 'mcqa');
    expect(known.stderr).toContain('ng list environments mcqa');
    expect(await ng('env', 'test', 'nosuch')).toMatchObject({ code: 2 });
  });
});

describe('ng search and ng list environments', () => {
  it('say what runs here, with tags, rows and agent', async () => {
    const { stdout } = await ng('list', 'environments', '--json');
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    const of = (name: string) => rows.find((row) => row['name'] === name);
    expect(of('simpleqa')).toMatchObject({
      status: 'native',
      tags: ['judge'],
      rows: 5,
      agent: 'simple_agent',
      license: 'MIT',
    });
    expect(of('blackjack')).toMatchObject({ tags: ['multi-turn'], agent: 'gymnasium_agent' });
    expect(of('xlam_fc')).toMatchObject({ tags: ['tools'] });
  });

  it('finds by name, by tag and by nearly the name', async () => {
    const names = async (...args: string[]) =>
      (JSON.parse((await ng('search', ...args, '--json')).stdout) as { name: string }[]).map(
        ({ name }) => name,
      );
    expect((await names('judge')).slice(0, 3).every((name) => name.includes('judge'))).toBe(true);
    expect(await names('judge')).toContain('simpleqa');
    expect(await names('blakcjack')).toEqual(['blackjack']);
    expect(await names('models', 'together')).toContain('inference_provider/together');
    const none = await ng('search', 'nothinglikethis');
    expect(none).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('none of the environments'),
    });
    expect(await ng('search', 'modles', 'x')).toMatchObject({ code: 2 });
    expect((await ng('search')).stderr).toContain('needs a word');
  });
});
