import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run, start, workspace } from '../cli/program.js';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { startProvider, type Provider } from '../support/provider/provider.mjs';
import { GATEWAY, until } from './support.js';

beforeAll(ensureBuilt);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const KEY = 'sk-provider-0123456789abcdef';
const NOBODY = 'http://127.0.0.1:1';

const dataset = Array.from({ length: 6 }, (_, index) =>
  JSON.stringify({
    responses_create_params: {
      input: [{ role: 'user', content: `Question ${index}. [answer: \\boxed{B}]\nA: no\nB: yes` }],
    },
    options: [{ A: 'no' }, { B: 'yes' }],
    expected_answer: 'B',
    grading_mode: 'strict_single_letter_boxed',
  }),
).join('\n');

const block = (keys: string): string =>
  `policy_model:\n  responses_api_models:\n    inference_provider:\n      entrypoint: app.py\n      ${keys}\n`;

async function setUp(
  flags: readonly string[] = [],
  files: Record<string, string> = {},
): Promise<{
  provider: Provider;
  cwd: string;
  env: Record<string, string>;
  stop: () => Promise<unknown>;
}> {
  const provider = await startProvider({ models: ['meta/some-model'], apiKey: KEY });
  ends.push(() => provider.close());
  const here = workspace({
    ...files,
    'data.jsonl': `${dataset}\n`,
    'virtual.yaml': block('virtual_model: default/meta-some-model'),
    'provider.yaml': block('provider: pp\n      model: meta/some-model'),
    'unknown.yaml': block('virtual_model: default/nobody'),
    'both.yaml': block('virtual_model: default/x\n      base_url: http://127.0.0.1:1/v1\n      api_key: k'),
  });
  ends.push(here.remove);
  const { cwd } = here;
  const platform = start(['platform', 'start', '--port', '0', ...flags], { cwd });
  ends.push(() => platform.child.kill('SIGKILL'));
  let said = '';
  platform.child.stderr!.on('data', (text: string) => (said += text));
  await platform.said('Ctrl-C stops');
  const told = /NMP_BASE_URL=(\S+);/.exec(said)![1]!;
  const env = { NMP_BASE_URL: told };
  const ng = async (...args: string[]) => {
    const done = await run(args, { cwd, env });
    expect(done.code, done.stderr).toBe(0);
  };
  await ng('secrets', 'create', 'key', '--value', KEY);
  await ng(
    'inference',
    'providers',
    'create',
    'pp',
    '--host-url',
    provider.baseUrl,
    '--api-key-secret-name',
    'key',
  );
  await until(async () => (await fetch(`${told}${GATEWAY}/virtual-models/meta-some-model`)).ok);
  const stop = (): Promise<unknown> => {
    platform.child.kill('SIGTERM');
    return platform.finished;
  };
  return { provider, cwd, env, stop };
}

const collect = (model: string, out: string, cwd: string, env: Record<string, string>) =>
  run(
    [
      `+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,${model}]`,
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=data.jsonl',
      `+output_jsonl_fpath=${out}/r.jsonl`,
    ],
    { cwd, env, name: 'ng_collect_rollouts' },
  );

/** Rewards of a run whose files, like what it printed, do not have the provider's key in them. */
async function rewards(done: Awaited<ReturnType<typeof collect>>, folder: string): Promise<number[]> {
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout + done.stderr).not.toContain(KEY);
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(readFileSync(path.join(file.parentPath, file.name), 'utf8')).not.toContain(KEY);
  }
  const lines = readFileSync(path.join(folder, 'r.jsonl'), 'utf8').trim().split('\n');
  return await Promise.resolve(lines.map((line) => (JSON.parse(line) as { reward: number }).reward));
}

describe('a model block that names something of the platform', () => {
  it('is played through the platform while it runs, and from its database when it does not', async () => {
    const { cwd, env, stop, provider } = await setUp();
    for (const model of ['virtual', 'provider']) {
      const done = await collect(`${model}.yaml`, `running-${model}`, cwd, env);
      expect(await rewards(done, path.join(cwd, `running-${model}`))).toEqual(Array(6).fill(1));
    }
    await stop();
    const before = provider.requests.length;
    for (const model of ['virtual', 'provider']) {
      const done = await collect(`${model}.yaml`, `alone-${model}`, cwd, { NMP_BASE_URL: NOBODY });
      expect(await rewards(done, path.join(cwd, `alone-${model}`))).toEqual(Array(6).fill(1));
    }
    expect(provider.requests.length).toBeGreaterThanOrEqual(before + 12);
    const manifest = readdirSync(path.join(cwd, 'alone-virtual')).find((name) => name.includes('manifest'))!;
    expect(readFileSync(path.join(cwd, 'alone-virtual', manifest), 'utf8')).toContain(
      'default/meta-some-model',
    );
  });

  it('that is not there, or is said twice, is one message and exit code 2', async () => {
    const { cwd, env, stop } = await setUp();
    const unknown = await collect('unknown.yaml', 'a', cwd, env);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('default/nobody')]);
    const both = await collect('both.yaml', 'b', cwd, env);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('virtual_model')]);
    await stop();
    const gone = await collect('unknown.yaml', 'c', cwd, { NMP_BASE_URL: NOBODY });
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('default/nobody')]);
    const nothing = await collect('virtual.yaml', 'd', cwd, {
      NMP_BASE_URL: NOBODY,
      XDG_DATA_HOME: path.join(cwd, 'no'),
    });
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('no database')]);
  });
});

describe('a second platform on the same file', () => {
  it('is refused while the first one runs, however that ends', async () => {
    const { cwd, stop } = await setUp();
    const second = await run(['platform', 'start', '--port', '0'], { cwd });
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('used by another platform')]);
    await stop();
    const third = start(['platform', 'start', '--port', '0'], { cwd });
    await third.said('ready');
    third.child.kill('SIGKILL');
    await third.finished;
    const fourth = start(['platform', 'start', '--port', '0'], { cwd });
    await fourth.said('ready');
    fourth.child.kill('SIGTERM');
    expect((await fourth.finished).code).toBe(0);
  });
});

describe('a middleware of the user’s own', () => {
  it('is a file that the platform is started with, as the page shows it', async () => {
    const page = readFileSync(path.join(REPOSITORY, 'docs/platform.md'), 'utf8');
    const text = /<!-- middleware -->\n+```ts\n([\s\S]*?)```/.exec(page)![1]!;
    const { provider, env, stop } = await setUp(['--middleware', 'house-style.ts'], {
      'house-style.ts': text,
    });
    const url = env['NMP_BASE_URL']!;
    const post = (at: string, body: object) =>
      fetch(url + at, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const entry = { name: 'house-style', config_type: 'any', config: { greeting: 'Hear, hear.' } };
    const made = await post(`${GATEWAY}/virtual-models`, {
      name: 'vm',
      default_model_entity: 'default/meta-some-model',
      request_middleware: [entry],
      response_middleware: [entry],
      post_response_middleware: [entry],
    });
    expect(made.status).toBe(201);
    const chat = (content: string) =>
      post(`${GATEWAY}/openai/-/v1/chat/completions`, { model: 'vm', messages: [{ role: 'user', content }] });
    const reply = (await (await chat('Hello')).json()) as { checked: boolean };
    expect(reply.checked).toBe(true);
    expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('Hear, hear.');
    expect((await chat('a forbidden thing')).status).toBe(451);
    const { stderr } = (await stop()) as { stderr: string };
    expect(stderr).toMatch(/default\/vm \d+ \d+/);
  });

  it('that is not there, or is none, is one message and exit code 2', async () => {
    const here = workspace({ 'wrong.ts': 'export const x = 1;', 'broken.ts': 'export default {' });
    ends.push(here.remove);
    for (const [file, words] of [
      ['nowhere.ts', 'no middleware file'],
      ['wrong.ts', 'exports no middleware'],
      ['broken.ts', 'broken.ts:1'],
    ] as const) {
      const done = await run(['platform', 'start', '--port', '0', '--middleware', file], { cwd: here.cwd });
      expect([done.code, done.stderr], file).toEqual([2, expect.stringContaining(words)]);
      expect(done.stderr).not.toContain('    at ');
    }
  });
});
