import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPrompt, promptAt } from '../../../src/environments/judge/prompt.js';
import type { PromptPlace } from '../../../src/environments/judge/prompt.js';
import { loadEnvironment } from '../../../src/environments/index.js';
import { services, shippedConfig } from '../support.js';

let root: string;
const model = (): never => {
  throw new Error('no model');
};
const read = (place: Omit<PromptPlace, 'server'>, config: object = {}): string =>
  promptAt({ config, services: { ...services, model, roots: [root] } }, { server: 'some', ...place });

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'prompts-'));
  const folder = path.join(root, 'resources_servers/some/prompts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'judge.txt'), '\n Is {a} right?\n\n');
  writeFileSync(path.join(folder, 'judge.yaml'), 'user: |-\n  Is {a} right?\nother: 1\n');
  writeFileSync(
    path.join(root, 'resources_servers/some/app.py'),
    'X = 1\nPROMPT = """\\\nIs {a} right?"""\ndef ask(a):\n    """Asks."""\n    return f"""Right: {a}"""\n',
  );
  writeFileSync(path.join(root, 'mine.txt'), 'mine');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the prompt of a judge', () => {
  it('is read from a text, a key of YAML, or a literal of a program', () => {
    expect(read({ file: 'prompts/judge.txt', read: 'text' })).toBe('Is {a} right?');
    expect(read({ file: 'prompts/judge.txt', read: 'whole' })).toBe('\n Is {a} right?\n\n');
    expect(read({ file: 'prompts/judge.yaml', read: { key: 'user' } })).toBe('Is {a} right?');
    expect(read({ file: 'app.py', read: { after: ['\nPROMPT = '] } })).toBe('Is {a} right?');
    expect(read({ file: 'app.py', read: { after: ['def ask', 'return '] } })).toBe('Right: {a}');
    writeFileSync(path.join(root, 'two.yaml'), 'a:\r\n  user: |-\r\n    Is\r\n    it?\r\n');
    expect(read({ file: 'two.yaml', read: { key: 'user', within: 'a' } })).toBe('Is\nit?');
    expect(read({ file: 'two.yaml', read: { key: 'system', within: 'a', optional: true } })).toBe('');
    expect(read({ file: 'two.yaml', read: 'whole' })).not.toContain('\r');
    expect(read({ file: 'mine.txt', read: 'text' })).toBe('mine');
    expect(read({ file: path.join(root, 'mine.txt'), read: 'text' })).toBe('mine');
  });

  it('is read once for a configuration', () => {
    const config = {};
    const file = path.join(root, 'changes.txt');
    writeFileSync(file, 'one');
    expect(read({ file, read: 'text' }, config)).toBe('one');
    writeFileSync(file, 'two');
    expect(read({ file, read: 'text' }, config)).toBe('one');
    expect(read({ file, read: 'text' })).toBe('two');
  });

  it('names what is missing, where it looked, and the command that brings it', () => {
    expect(() => read({ file: 'prompts/nope.txt', read: 'text' })).toThrow(
      /prompts\/nope\.txt[\s\S]*Looked at/,
    );
    expect(() => read({ file: 'prompts/judge.yaml', read: { key: 'other' } })).toThrow(
      /no text under "other"/,
    );
    expect(() => read({ file: 'app.py', read: { after: ['NOPE = '] } })).toThrow(/there is no "NOPE ="/);
    expect(() => read({ file: 'app.py', read: { after: ['X = '] } })).toThrow(/there is no string/);
  });

  it('is filled in as by str.format; a field that is not there fails the rollout', () => {
    expect(fillPrompt('{{{a}}} {a}', { a: 'x{b}' })).toBe('{x{b}} x{b}');
    expect(() => fillPrompt('{b}', { a: 'x' })).toThrow(expect.objectContaining({ kind: 'verify_failed' }));
  });

  it('is missed when the environment is made, with the command in the hint', async () => {
    const definition = (await loadEnvironment('simpleqa'))!;
    const make = (): unknown =>
      definition.create('judge', shippedConfig('simpleqa'), { ...services, roots: [root] });
    expect(make).toThrow(
      expect.objectContaining({
        code: 'PROMPT_NOT_FOUND',
        hint: expect.stringContaining('ng env add') as string,
      }),
    );
  });
});
