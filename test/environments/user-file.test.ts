import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadEnvironment } from '../../src/environments/index.js';
import { ensureBuilt, REPOSITORY } from '../support/build.js';

const EXAMPLE = path.join(REPOSITORY, 'docs/examples/word-count');

/** Nothing of ours lies above it: what an import finds there, our hooks found. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-user-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script against the compiled program, as a user's process would; prints JSON. */
function inProcess(script: string): unknown {
  const file = path.join(folder, 'run.mjs');
  const api = pathToFileURL(path.join(REPOSITORY, 'dist/environments/index.js')).href;
  writeFileSync(
    file,
    `import { loadEnvironment } from '${api}';
const call = { signal: new AbortController().signal, deadline: null, episodeId: '0-0', rolloutIndex: 0, attempts: [], onPhase() {} };
const services = { clock: { now: () => 0, after: () => () => {}, sleep: () => new Promise(() => {}), after: () => () => {} }, random: () => 0 };
const load = async (entrypoint) => loadEnvironment('mine', { entrypoint, roots: [${JSON.stringify(folder)}] });
const show = (value) => console.log(JSON.stringify(value));
${script}`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The code blocks of the documentation in this language, in order. */
function codeOf(language: string): string[] {
  const page = readFileSync(path.join(REPOSITORY, 'docs/environments.md'), 'utf8');
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2]!);
}

/** The name, code and text of what loading a file throws. */
const failure = (entrypoint: string) =>
  inProcess(
    `await load('${entrypoint}').then(() => show(null), (e) => show({ code: e.code, text: String(e) }));`,
  ) as { code: string; text: string };

describe('a user’s own environment file', () => {
  beforeAll(ensureBuilt);

  it('runs the documented TypeScript example where nothing is installed', () => {
    cpSync(EXAMPLE, folder, { recursive: true });
    const [first] = readFileSync(path.join(EXAMPLE, 'example.jsonl'), 'utf8').split('\n');
    const result = inProcess(`
const environment = (await load('word-count.ts')).create('word_count', { tolerance: 0 }, services);
const row = { ...${first!}, _ng_task_index: 0, _ng_rollout_index: 0 };
const verify = async (text) => {
  const session = await environment.open(row, call);
  const tool = await environment.callTool(session, 'count_words', { text }, call);
  const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
  const verdict = await environment.verify(session, row, { output: [message] }, call);
  await environment.close(session);
  return { tool, ...verdict };
};
show([await verify('The sea was calm and very blue.'), await verify('Blue sea.')]);`);
    expect(result).toEqual([
      { tool: '{"words":7}', reward: 1, found_words: 7, checks: 1 },
      { tool: '{"words":2}', reward: 0, found_words: 2, checks: 1 },
    ]);
  });

  it('has a configuration whose paths exist', () => {
    const config = parse(readFileSync(path.join(EXAMPLE, 'word-count.yaml'), 'utf8')) as {
      word_count: { resources_servers: { word_count: { entrypoint: string } } };
      word_count_simple_agent: {
        responses_api_agents: { simple_agent: { datasets: { jsonl_fpath: string }[] } };
      };
    };
    const { entrypoint } = config.word_count.resources_servers.word_count;
    const { jsonl_fpath: data } =
      config.word_count_simple_agent.responses_api_agents.simple_agent.datasets[0]!;
    expect(path.resolve(REPOSITORY, entrypoint)).toBe(path.join(EXAMPLE, 'word-count.ts'));
    expect(path.resolve(REPOSITORY, data)).toBe(path.join(EXAMPLE, 'example.jsonl'));
  });

  it('is documented as it is, but for its comments', () => {
    const [documented] = codeOf('ts');
    const lines = readFileSync(path.join(EXAMPLE, 'word-count.ts'), 'utf8').split('\n');
    expect(documented!.trim()).toBe(
      lines
        .filter((line) => !/^\s*(\/\/|\/\*\*)/.test(line))
        .join('\n')
        .trim(),
    );
  });

  it('runs the documented turn-taking example', () => {
    writeFileSync(path.join(folder, 'guess.mjs'), codeOf('js')[0]!);
    const result = inProcess(`
const environment = (await load('guess.mjs')).create('guess', {}, services);
const session = await environment.open({}, call);
const { observation } = await environment.reset(session, {}, call);
const step = (text) => environment.step(session, {}, { output: [{ text }] }, call);
show([observation, await step('3'), await step('7')]);`);
    expect(result).toMatchObject([
      'Guess a number from 1 to 10.',
      { observation: 'No. Again.', reward: 0, terminated: false, truncated: false },
      { reward: 0.5, terminated: true },
    ]);
  });

  it('takes JavaScript, and an export named environment; failures keep their class', () => {
    writeFileSync(
      path.join(folder, 'named.mjs'),
      `import { CallFailure, defineEnvironment } from 'ngym';
export const environment = defineEnvironment({
  name: 'named',
  tools: { lost: { run() { throw new CallFailure('tool_failed', 'gone'); } } },
  verify: () => ({ reward: 0.5 }),
});`,
    );
    const result = inProcess(`
const environment = (await load('named.mjs')).create('n', {}, services);
const session = await environment.open({}, call);
const tool = await environment.callTool(session, 'lost', {}, call).catch((e) => e.kind);
show([tool, (await environment.verify(session, {}, { output: [] }, call)).reward]);`);
    expect(result).toEqual(['tool_failed', 0.5]);
  });

  it('names the file and the fix for whatever is wrong with it', () => {
    writeFileSync(path.join(folder, 'broken.ts'), `export const a = 1;\nexport default {{`);
    writeFileSync(path.join(folder, 'throws.mjs'), `throw new Error('no licence');`);
    writeFileSync(path.join(folder, 'other.mjs'), `export const task = 1;`);
    const broken = failure('broken.ts');
    expect(broken.code).toBe('ENVIRONMENT_FILE_FAILED');
    expect(broken.text).toMatch(
      /SyntaxError: .*\n {2}at .*broken\.ts:2:17\n {2}fix: Correct the syntax there/,
    );
    expect(failure('throws.mjs').text).toMatch(/no licence\n {2}at .*throws\.mjs:1:7\n/);
    expect(failure('other.mjs').text).toMatch(/no environment \(only task\)[\s\S]*defineEnvironment/);
    const missing = failure('missing.ts');
    expect(missing.code).toBe('ENVIRONMENT_FILE_NOT_FOUND');
    expect(missing.text).toContain(path.join(folder, 'missing.ts'));
  });
});

describe('TypeScript with nothing installed', () => {
  const entry = (body: string, verify: string): void =>
    writeFileSync(
      path.join(folder, 'typed.ts'),
      `import { defineEnvironment } from 'ngym';\n${body}\nexport default defineEnvironment({ name: 'typed', ${verify} });\n`,
    );
  const scored = (): unknown =>
    inProcess(`
const environment = (await load('typed.ts')).create('t', {}, services);
const session = await environment.open({}, call);
show(await environment.verify(session, {}, { output: [] }, call).catch((e) => ({ stack: e.stack })));`);

  it('reads types, files that are .ts where .js or nothing is said, and JSON', () => {
    writeFileSync(path.join(folder, 'helper.ts'), `export const one = (value: number): number => value;`);
    writeFileSync(
      path.join(folder, 'other.mts'),
      `export interface Two { two: 2 }\nexport const two: Two['two'] = 2;`,
    );
    writeFileSync(path.join(folder, 'table.json'), `{ "three": 3 }`);
    entry(
      `import { one } from './helper.js';
import { two, type Two } from './other';
import table from './table.json' with { type: 'json' };
const sum = <T extends Two>(value: T): number => one(1) + value.two + (table as { three: number }).three!;`,
      'verify: () => ({ reward: sum({ two } satisfies Two) })',
    );
    expect(scored()).toEqual({ reward: 6 });
  });

  it('reads what is more than types: enums, parameter properties, namespaces', () => {
    entry(
      `enum Mark { None, Full = 4 }
class Grade { constructor(private readonly mark: Mark) {} get value() { return this.mark; } }
namespace Extra { export const points = 2; }`,
      'verify: () => ({ reward: new Grade(Mark.Full).value + Extra.points })',
    );
    expect(scored()).toEqual({ reward: 6 });
  });

  it.each([
    ['types alone', ''],
    ['an enum, whose text is written anew', 'enum Mark { None, Full }'],
  ])('keeps the lines of the file in stacks: %s', (_, above) => {
    entry(
      `interface Long {\n  a: number;\n}\n\n${above}\n\nfunction fail(row: Long): never {\n  throw new Error('bad row');\n}`,
      'verify: ({ row }) => fail(row as unknown as Long)',
    );
    expect((scored() as { stack: string }).stack).toMatch(/bad row\n\s+at fail \(.*typed\.ts:9:9\)/);
  });

  it('names the place and the fix of what stops an import', () => {
    const told = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), text);
      return failure(name).text;
    };
    writeFileSync(path.join(folder, 'bad.mjs'), `export const x = 1;\n\nlet y = = 3;\n`);
    expect(told('a.ts', `import './bad.mjs';`)).toMatch(/SyntaxError[\s\S]*at .*bad\.mjs:3:9\n/);
    expect(told('b.ts', `\nimport { x } from 'not-there';`)).toMatch(
      /at .*b\.ts:2\n {2}fix: Install it beside the file: npm install not-there/,
    );
    expect(told('c.ts', `\n\nimport { x } from './gone.ts';`)).toMatch(
      /at .*c\.ts:3\n {2}fix: Correct the path/,
    );
    expect(told('d.ts', `import { EnvironmentSpec } from 'ngym';`)).toMatch(
      /at .*d\.ts:1\n[\s\S]*import type/,
    );
    expect(told('e.ts', `enum A { B }\ninterface C { d: 1 }\n(null as unknown as C).d;`)).toMatch(
      /TypeError: .*\n {2}at .*e\.ts:3:\d+\n/,
    );
  });

  it('costs nothing where no file is TypeScript', () => {
    writeFileSync(
      path.join(folder, 'plain.mjs'),
      `import { defineEnvironment } from 'ngym';
export default defineEnvironment({ name: 'plain', verify: () => ({ reward: 1 }) });`,
    );
    const loaded = inProcess(`await load('plain.mjs');
const { createRequire } = await import('node:module');
show(Object.keys(createRequire('${pathToFileURL(path.join(REPOSITORY, 'package.json')).href}').cache).filter((file) => file.includes('wasm-typescript')));`);
    expect(loaded).toEqual([]);
  });
});

describe('a user’s own environment file, run from source', () => {
  it('loads too', async () => {
    const file = path.join(folder, 'plain.mjs');
    writeFileSync(
      file,
      `export default { name: 'plain', configKeys: [], create: () => ({ name: 'plain', tools: [] }) };`,
    );
    expect(await loadEnvironment('x', { entrypoint: file })).toMatchObject({ name: 'plain' });
  });
});
