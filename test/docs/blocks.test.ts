import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainYaml } from '../../src/config/index.js';
import { inspectConfig } from '../../src/index.js';
import { readRules } from '../../src/report/gate/read-rules.js';
import { readPrompt } from '../../src/rollouts/dataset/prompt.js';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { at, BLOCKS, blocks, MARKS } from './pages.js';

const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-blocks-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
mkdirSync(path.join(cwd, 'docs'));
mkdirSync(path.join(cwd, 'node_modules'));
symlinkSync(REPOSITORY, path.join(cwd, 'node_modules', 'ngym'));
symlinkSync(path.join(REPOSITORY, 'node_modules', 'zod'), path.join(cwd, 'node_modules', 'zod'));
beforeAll(ensureBuilt, 180_000);

cpSync(path.join(REPOSITORY, 'docs', 'examples'), path.join(cwd, 'docs', 'examples'), { recursive: true });
cpSync(path.join(REPOSITORY, 'docs/examples/word-count/word-count.ts'), path.join(cwd, 'my-environment.ts'));

/** What pages take for granted: files that hold the rest of a configuration, and keys that a user gives. */
const HOST = {
  files: [
    'resources_servers/mcqa/configs/mcqa.yaml',
    'responses_api_models/inference_provider/configs/inference_provider.yaml',
  ],
  values: [
    '+policy_base_url=http://127.0.0.1:9/v1',
    '+policy_api_key=k',
    '+policy_model_name=m',
    '+openrouter_api_key=k',
  ],
};

async function validate(text: string, files: readonly string[]): Promise<void> {
  writeFileSync(path.join(cwd, 'block.yaml'), text);
  const paths = [...files, 'block.yaml'].join(',');
  const overrides = [`+config_paths=[${paths}]`, ...HOST.values];
  // Programs in Python are looked for, not started: any program will do.
  const env = { NGYM_PYTHON: process.execPath };
  const { findings, resolved } = await inspectConfig({ overrides, cwd, env });
  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  expect(resolved.warnings).toEqual([]);
  expect(resolved.servers.length).toBeGreaterThan(0);
}

describe('blocks', () => {
  it('are there, in languages and with marks that a test knows', () => {
    expect(BLOCKS.length).toBeGreaterThan(50);
    const unknown = BLOCKS.filter(
      ({ language, marks }) =>
        !Object.hasOwn(MARKS, language) ||
        marks.length > 1 ||
        marks.some((mark) => !MARKS[language]!.includes(mark)),
    );
    expect(unknown.map((block) => `${at(block)}: ${block.language} ${block.marks.join(' ')}`)).toEqual([]);
  });

  it.each(blocks(['json']))('%s: JSON, with … for what is left out', (_, { text }) => {
    expect(() => JSON.parse(text.replaceAll('…', '')) as unknown).not.toThrow();
  });

  it.each(blocks(['python']))('%s: Python', (_, { text }) => {
    if (!existsSync('/usr/bin/python3')) return;
    const check = 'import ast, sys; ast.parse(sys.stdin.read())';
    expect(() => execFileSync('python3', ['-c', check], { input: text, stdio: 'pipe' })).not.toThrow();
  });
});

describe('YAML', () => {
  it.each(blocks(['yaml'], (marks) => marks.length === 0))('%s: a valid configuration', (_, { text }) =>
    validate(
      text,
      [HOST.files[1]!].filter(() => !text.includes('responses_api_models:\n')),
    ),
  );

  it.each(blocks(['yaml'], (marks) => marks.includes('fragment')))(
    '%s: valid over what ships',
    (_, { text }) => validate(text, HOST.files),
  );

  it.each(blocks(['yaml'], (marks) => marks.includes('env.yaml')))(
    '%s: keys that are read',
    async (_, { text }) => {
      const { collectKeys, exportKeys } = await import('../../src/index.js');
      const known = ['policy_base_url', 'policy_api_key', 'policy_model_name'];
      known.push(...(await collectKeys()), ...(await exportKeys()));
      for (const key of Object.keys(plainYaml(text, 'env.yaml'))) expect(known).toContain(key);
    },
  );

  it.each(blocks(['yaml'], (marks) => marks.includes('prompt.yaml')))(
    '%s: a prompt template',
    async (_, { text }) => {
      writeFileSync(path.join(cwd, 'prompt.yaml'), text);
      expect((await readPrompt(path.join(cwd, 'prompt.yaml'))).user).toContain('{');
    },
  );

  it.each(blocks(['yaml'], (marks) => marks.includes('gate.yaml')))(
    '%s: rules of a gate',
    async (_, { text }) => {
      writeFileSync(path.join(cwd, 'gate.yaml'), text);
      expect((await readRules(path.join(cwd, 'gate.yaml'))).length).toBeGreaterThan(0);
    },
  );
});
