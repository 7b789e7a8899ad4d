import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { searchRoots } from '../../src/config/index.js';
import {
  dataFolder,
  findPython,
  installedRoot,
  referenceRoots,
  unpackedRoots,
} from '../../src/reference/index.js';

const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-reference-')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A file that may be run, below the folder of these tests. */
function program(...parts: string[]): string {
  const file = path.join(base, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

function file(text: string, ...parts: string[]): string {
  const made = path.join(base, ...parts);
  mkdirSync(path.dirname(made), { recursive: true });
  writeFileSync(made, text);
  return made;
}

const onPath = program('bin', 'python3');
const inVenv = program('project', 'venv', 'bin', 'python');
const ofServer = program('server', '.venv', 'bin', 'python');
const named = program('opt', 'python3.13');
const PATH = path.join(base, 'bin');
const venvs = [path.join(base, 'nothing'), path.join(base, 'server', '.venv')];

describe('the Python of a server', () => {
  const env = { PATH, VIRTUAL_ENV: path.join(base, 'project', 'venv') };

  it.each([
    [
      'what +python names, before all others',
      { given: named, env: { ...env, NGYM_PYTHON: inVenv }, venvs },
      named,
    ],
    ['NGYM_PYTHON', { env: { ...env, NGYM_PYTHON: named }, venvs }, named],
    ["the server's own environment", { env, venvs }, ofServer],
    ['the active environment', { env }, inVenv],
    ['python3 of the search path', { env: { PATH } }, onPath],
    ['a relative path, from the working directory', { given: 'opt/python3.13', env, cwd: base }, named],
    ['a name, from the search path', { given: 'python3', env }, onPath],
    ['a folder, as a virtual environment', { given: path.join(base, 'project/venv'), env: { PATH } }, inVenv],
  ])('is %s', (_, places, command) => {
    expect(findPython(places).command).toBe(command);
  });

  it('that is named and not there is a mistake, and so is none at all', () => {
    expect(() => findPython({ given: '/nowhere/python', env })).toThrow(
      '+python names the Python "/nowhere/python", which is not there or cannot be run.',
    );
    expect(() => findPython({ env: { PATH: path.join(base, 'empty'), NGYM_PYTHON: 'pythonX' } })).toThrow(
      'NGYM_PYTHON names the Python "pythonX"',
    );
    expect(() => findPython({ env: { PATH: path.join(base, 'empty') } })).toThrow('there is no Python');
  });
});

describe('what the user has of the reference', () => {
  it('is found beside the Python that has it installed', () => {
    const site = path.join(base, 'project/venv/lib/python3.13/site-packages');
    file('', 'project/venv/lib/python3.13/site-packages/nemo_gym/__init__.py');
    expect(installedRoot(inVenv)).toBe(site);
    expect(installedRoot(onPath)).toBeUndefined();
    expect(referenceRoots({ env: { PATH, NGYM_PYTHON: inVenv, HOME: base } })).toEqual([site]);
  });

  it('is found beside the Python that a link leads to', () => {
    const real = program('usr', 'bin', 'python3.13');
    file('', 'usr/lib/python3/dist-packages/nemo_gym/__init__.py');
    const link = path.join(base, 'links', 'python3');
    mkdirSync(path.dirname(link));
    symlinkSync(real, link);
    expect(installedRoot(link)).toBe(path.join(base, 'usr/lib/python3/dist-packages'));
  });

  it('is the checkout where it was installed from one', () => {
    const checkout = path.join(base, 'Gym');
    file('', 'Gym/nemo_gym/__init__.py');
    const python = program('dev', 'bin', 'python');
    file(
      JSON.stringify({ url: pathToFileURL(checkout).href, dir_info: { editable: true } }),
      'dev/lib/python3.13/site-packages/nemo_gym-0.7.0.dist-info/direct_url.json',
    );
    expect(installedRoot(python)).toBe(checkout);
  });

  it('is what was unpacked, the newest version first', () => {
    const env = { NGYM_DATA_DIR: path.join(base, 'data') };
    for (const name of ['nemo_gym-0.7.0', 'nemo_gym-0.10.0', 'nemo_gym-0.9.0', 'nemo_gym-0.11.0.partial']) {
      mkdirSync(path.join(base, 'data', 'wheels', name), { recursive: true });
    }
    const names = unpackedRoots(env).map((root) => path.basename(root));
    expect(names).toEqual(['nemo_gym-0.10.0', 'nemo_gym-0.9.0', 'nemo_gym-0.7.0']);
  });

  it('comes after what is ours and the user’s', () => {
    const env = { PATH, HOME: base, NGYM_DATA_DIR: path.join(base, 'data'), NEMO_GYM_EXTRA_ROOTS: 'extra' };
    const roots = searchRoots(base, env, inVenv).map((root) => path.relative(base, root));
    expect(roots.slice(0, 2)).toEqual(['extra', '']);
    expect(roots.slice(4)).toEqual([
      'project/venv/lib/python3.13/site-packages',
      'data/wheels/nemo_gym-0.10.0',
      'data/wheels/nemo_gym-0.9.0',
      'data/wheels/nemo_gym-0.7.0',
    ]);
  });

  it('is kept where the user says, or where the XDG rules say', () => {
    expect(dataFolder({ NGYM_DATA_DIR: '/d', XDG_DATA_HOME: '/x', HOME: '/h' })).toBe('/d');
    expect(dataFolder({ XDG_DATA_HOME: '/x', HOME: '/h' })).toBe('/x/ngym');
    expect(dataFolder({ XDG_DATA_HOME: 'relative', HOME: '/h' })).toBe('/h/.local/share/ngym');
  });
});
