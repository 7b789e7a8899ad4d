import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asCalled, programWord } from '../../src/cli/program-word.js';
import { workspace } from './program.js';

const here = workspace({
  'pkg/bin/ng.js': '',
  'pkg/bin/ng_run.js': '',
  'on path/other': '',
  'project/deep/x': '',
});
afterAll(here.remove);
const at = (...parts: string[]): string => path.join(here.cwd, ...parts);
mkdirSync(at('project', 'node_modules', '.bin'), { recursive: true });
symlinkSync(at('pkg', 'bin', 'ng.js'), at('on path', 'ng'));
symlinkSync(at('pkg', 'bin', 'ng.js'), at('project', 'node_modules', '.bin', 'ng'));
const script = at('pkg', 'bin', 'ng_run.js');

describe('how ng can be called', () => {
  it('by its name where it is on the path, whatever program asks', () => {
    expect(programWord(script, { cwd: here.cwd, env: { PATH: `/nowhere:${at('on path')}` } })).toBe('ng');
  });

  it('not by the name of another program on the path', () => {
    mkdirSync(at('angular'));
    writeFileSync(at('angular', 'ng'), '');
    expect(programWord(script, { cwd: at('pkg'), env: { PATH: at('angular') } })).toBe('node bin/ng.js');
  });

  it('by npx in a project that has it as a dependency, also from a script of npm’s', () => {
    const env = { PATH: at('project', 'node_modules', '.bin') };
    expect(programWord(script, { cwd: at('project', 'deep'), env })).toBe('npx ng');
  });

  it('by its file otherwise', () => {
    expect(programWord(script, { cwd: at('pkg', 'bin'), env: {} })).toBe('node ng.js');
    expect(programWord(script, { cwd: at('project', 'deep', '..', '..', 'on path'), env: {} })).toBe(
      `node ${at('pkg', 'bin', 'ng.js')}`,
    );
    expect(programWord(undefined, { cwd: '/', env: {} })).toBe('ng');
  });
});

describe('commands in a text', () => {
  it('are written as they can be called', () => {
    const text = 'Run "ng eval run --help", "ng search", ng --version or ng_run; ngym, angular ng serve';
    expect(asCalled(text, 'npx ng')).toBe(
      'Run "npx ng eval run --help", "npx ng search", npx ng --version or ng_run; ngym, angular ng serve',
    );
    expect(asCalled(text, 'ng')).toBe(text);
  });
});
