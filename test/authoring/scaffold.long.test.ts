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
