import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finished } from '../cli/program.js';
import { run, start, workspace } from '../cli/program.js';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';

beforeAll(ensureBuilt, 120_000);

const ROWS = 6;
const OUTPUT = 'out dir/r.jsonl';

/** The scored value comes through an import, a JSON file, a file that is read, and a file that the block names. */
const ENVIRONMENT = `import { readFileSync } from 'node:fs';
import { defineEnvironment } from 'ngym';
import { bonus } from './lib/bonus.js';
import table from './lib/table.json' with { type: 'json' };

const note = readFileSync(new URL('./note.txt', import.meta.url), 'utf8');

export default defineEnvironment({
  name: 'mine',
  operational: ['cache_seconds'],
  verify({ config }) {
    const block: Record<string, unknown> = config;
    return { reward: bonus() + table.base + note.trim().length, max_attempts: block.max_attempts };
  },
});
`;

const CONFIG = `mine:
  resources_servers:
    mine:
      entrypoint: my-env.ts
      domain: other
      max_attempts: 3
      value: 1
      cache_seconds: 5
      prompt: prompts/judge.txt
mine_agent:
  responses_api_agents:
    simple_agent:
      entrypoint: app.py
      episode_timeout_seconds: 60
      resources_server: { type: resources_servers, name: mine }
      model_server: { type: responses_api_models, name: policy_model }
`;

let here: ReturnType<typeof workspace>;
let provider: Provider;

beforeEach(async () => {
  provider = await startProvider({ latency: 20 });
  const rows = Array.from({ length: ROWS }, (_, i) =>
    JSON.stringify({ responses_create_params: { input: [{ role: 'user', content: `Question ${i}` }] } }),
  );
  here = workspace({
    'my-env.ts': ENVIRONMENT,
    'lib/bonus.ts': 'export const bonus = (): number => 0;\n',
    'lib/table.json': '{"base": 0}\n',
    'note.txt': '\n',
    'prompts/judge.txt': 'Judge.\n',
    'eval.yaml': CONFIG,
    'in.jsonl': `${rows.join('\n')}\n`,
  });
});

afterEach(async () => {
  await provider.close();
  here.remove();
});

const edit = (name: string, text: string): void => writeFileSync(path.join(here.cwd, name), text);
const stored = (name: string): string => readFileSync(path.join(here.cwd, name), 'utf8');
const rewards = (): unknown[] =>
  stored(OUTPUT)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { reward: unknown }).reward);

const ARGUMENTS = ['--config', 'eval.yaml', '--model-type', 'inference_provider'];
const command = (...more: string[]): string[] => [
  ...['eval', 'run', '--no-serve', ...ARGUMENTS, '-m', 'fake', '--model-url', provider.baseUrl],
  ...['--model-api-key', 'sk-secret-0123456789', '--agent', 'mine_agent', '--input', 'in.jsonl'],
  ...['--output', OUTPUT, '+preflight=false', ...more],
];
const collect = (...more: string[]): Promise<Finished> => run(command(...more), { cwd: here.cwd });

/** Runs a line of the program's own words in a shell, with the program where `ng` is said. */
async function paste(line: string): Promise<void> {
  const program = path.join(REPOSITORY, 'bin/ng.js');
  const typed = line.trim().replace(/^ng /, `'${process.execPath}' '${program}' `);
  await promisify(execFile)('sh', ['-c', typed], { cwd: here.cwd });
}

const lineWith = ({ stderr }: Finished, text: string): string =>
  stderr.split('\n').find((line) => line.includes(text)) ?? `no line with ${text}:\n${stderr}`;

/** Plays until some rollouts are stored, then kills. */
async function interrupt(): Promise<void> {
  const program = start(command('--concurrency', '1'), { cwd: here.cwd });
  while (!existsSync(path.join(here.cwd, OUTPUT)) || rewards().length < 2) await sleep(5);
  program.child.kill('SIGKILL');
  await program.finished;
  expect(rewards().length).toBeLessThan(ROWS);
}

describe('a run whose verifier was edited', () => {
  it('is refused when it was finished, whatever of it was edited; put back, it is the same run', async () => {
    expect((await collect()).code).toBe(0);
    const before = stored(OUTPUT);
    for (const [file, text, told] of [
      ['my-env.ts', `${ENVIRONMENT}\n`, 'my-env.ts'],
      ['lib/bonus.ts', 'export const bonus = (): number => 1;\n', 'lib/bonus.ts'],
      ['lib/table.json', '{"base": 1}\n', 'lib/table.json'],
      ['note.txt', '1\n', 'note.txt'],
      ['prompts/judge.txt', 'Judge well.\n', 'the file that "prompt" names'],
    ] as const) {
      const was = stored(file);
      edit(file, text);
      const refused = await collect();
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(
        new RegExp(`mine: ${told} changed since the run began \\(sha256 [0-9a-f]{12} → [0-9a-f]{12}\\)`),
      );
      edit(file, was);
    }
    const { requests } = provider.counts();
    expect((await collect()).code).toBe(0);
    expect(stored(OUTPUT)).toBe(before);
    expect(provider.counts().requests).toBe(requests);
    edit('note.txt', '1\n');
    expect((await collect('--resume=if-possible')).code).toBe(0);
    expect(provider.counts().requests - requests).toBe(ROWS);
    expect(rewards()).toEqual(Array.from({ length: ROWS }, () => 1));
  });

  it('is refused when it was killed, is scored again by the words of the refusal, and then goes on', async () => {
    await interrupt();
    const [before, done] = [provider.counts().requests, rewards().length];
    edit('lib/bonus.ts', 'export const bonus = (): number => 1;\n');
    const refused = await collect();
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toContain('sk-secret');
    expect(rewards()).toEqual(Array.from({ length: done }, () => 0));

    await paste(lineWith(refused, 'ng eval reverify'));
    expect(rewards()).toEqual(Array.from({ length: done }, () => 1));
    expect(provider.counts().requests).toBe(before);
    expect(stored(`${OUTPUT}.old-1`)).toContain('"reward":0.0');

    const whole = await collect();
    expect(whole.code).toBe(0);
    expect(rewards()).toEqual(Array.from({ length: ROWS }, () => 1));
    expect(provider.counts().requests - before).toBe(ROWS - done);
    // The former verifier is now the different one.
    edit('lib/bonus.ts', 'export const bonus = (): number => 0;\n');
    expect((await collect()).code).toBe(2);
  });

  it('plays again what could not be scored again', async () => {
    const broken = `if (call.episodeId === process.env['BROKEN']) throw new Error('cannot tell');`;
    edit(
      'my-env.ts',
      ENVIRONMENT.replace('verify({ config }) {', `verify({ config, call }) {\n    ${broken}`),
    );
    await collect();
    const words = ['eval', 'reverify', ...ARGUMENTS, '--rollouts', OUTPUT, '--in-place'];
    const scored = await run(words, { cwd: here.cwd, env: { BROKEN: '2-0' } });
    expect(scored.code).toBe(3);
    expect(scored.stdout).toContain('to play the 1 rollout that has no result');
    expect(rewards()).toHaveLength(ROWS - 1);
    expect(stored('out dir/r_failures.jsonl')).toContain('cannot tell');
    const { requests } = provider.counts();
    expect((await collect()).code).toBe(0);
    expect(rewards()).toHaveLength(ROWS);
    expect(provider.counts().requests - requests).toBe(1);
  });

  it('starts anew by the words of the refusal', async () => {
    await collect();
    edit('lib/table.json', '{"base": 2}\n');
    const refused = await collect('--resume');
    await paste(lineWith(refused, '--overwrite').replace('****', 'sk-other-0123456789'));
    expect(rewards()).toEqual(Array.from({ length: ROWS }, () => 2));
  });

  it('goes on when nothing was scored yet', async () => {
    edit('lib/bonus.ts', `export const bonus = (): number => { throw new Error('not yet'); };\n`);
    expect((await collect()).code).toBe(3);
    edit('lib/bonus.ts', 'export const bonus = (): number => 1;\n');
    const again = await collect();
    expect(again.stderr).toContain('nothing was scored yet');
    expect(again.code).toBe(0);
    expect(rewards()).toEqual(Array.from({ length: ROWS }, () => 1));
  });
});

describe('a key of a block', () => {
  const key = (name: string, value: string): string => `++mine.resources_servers.mine.${name}=${value}`;

  it('of a user’s environment makes another run, whatever it is called', async () => {
    await collect();
    for (const [name, value, told] of [
      ['value', '2', 'servers.mine.value: 1 → 2'],
      ['think_seconds', '7', 'servers.mine.think_seconds: (absent) → 7'],
      ['max_attempts', '9', 'servers.mine.max_attempts: 3 → 9'],
    ] as const) {
      const refused = await collect(key(name, value));
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(told);
      if (name === 'max_attempts') await paste(lineWith(refused, 'ng eval reverify'));
    }
    expect((await collect(key('max_attempts', '9'))).code).toBe(0);
    expect(stored(OUTPUT).match(/"max_attempts":9/g)).toHaveLength(ROWS);
  });

  it('that is declared operational does not; nor do addresses, limits and secrets of the others', async () => {
    await collect();
    const model = '++policy_model.responses_api_models.inference_provider';
    const again = await collect(
      key('cache_seconds', '99'),
      key('verify_timeout_seconds', '30'),
      `${model}.max_attempts=2`,
      `${model}.api_key=sk-another-0123456789`,
      '++mine_agent.responses_api_agents.simple_agent.episode_timeout_seconds=61',
      '++mine_agent.responses_api_agents.simple_agent.description=other',
    );
    expect(again.stderr).not.toContain('error');
    expect(again.code).toBe(0);
    const other = await collect('++mine_agent.responses_api_agents.simple_agent.max_steps=3');
    expect(other.stderr).toContain('servers.mine_agent.max_steps: (absent) → 3');
    expect(other.stderr).not.toContain('ng eval reverify');
  });
});

describe('a verifier that needs its session', () => {
  it('is said to; nothing is offered that would be refused', async () => {
    const stateful = ENVIRONMENT.replace('verify({ config })', 'verify({ config, session })').replace(
      "name: 'mine',",
      "name: 'mine',\n  open: () => ({ calls: 0 }),\n  tools: { add: { run: (session) => (session.calls += 1) } },",
    );
    edit('my-env.ts', stateful);
    await collect();
    edit('lib/table.json', '{"base": 1}\n');
    const refused = await collect();
    expect(refused.stderr).toContain('the verifier of mine may need its session');
    expect(refused.stderr).not.toContain('ng eval reverify');
    const forced = await run(['eval', 'reverify', ...ARGUMENTS, '--rollouts', OUTPUT, '--in-place'], {
      cwd: here.cwd,
    });
    expect(forced.code).toBe(2);
    expect(forced.stderr).toContain('mine: unknown');
    // Taken by name without the session, it cannot reach it.
    edit('my-env.ts', stateful.replace('verify({ config, session })', 'verify({ config })'));
    expect((await collect()).stderr).toContain('ng eval reverify');
  });
});

describe('a manifest of an earlier version', () => {
  it('does not say what a user’s file held: its run is not taken for the same', async () => {
    await collect();
    const file = 'out dir/r_manifest.json';
    const manifest = JSON.parse(stored(file)) as { identity: Record<string, unknown> };
    delete manifest.identity['code'];
    edit(file, JSON.stringify(manifest));
    const refused = await collect();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/mine: what .*my-env\.ts.* held when the run began was not recorded/);
    await paste(lineWith(refused, 'ng eval reverify'));
    expect((await collect()).code).toBe(0);
  });
});
