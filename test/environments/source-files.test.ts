import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceFiles } from '../../src/environments/user-file/source-files.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-sources-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** What belongs to a program, relative to its folder. */
async function filesOf(entry: string): Promise<string[]> {
  const files = await sourceFiles(path.join(folder, entry));
  return files.map(({ file }) => path.relative(folder, file)).sort();
}

describe('the files of a user’s program', () => {
  it.each([
    ['a static import', `import { a } from './x.ts';`],
    ['an import for its effect', `import "./x.ts"`],
    ['an import over lines', `import {\n  a,\n} from\n  './x.ts';`],
    ['an export', `export * from './x.ts';`],
    ['.js that is .ts', `import { a } from './x.js';`],
    ['no ending', `import { a } from './x';`],
    ['a dynamic import', 'await import(`./x.ts`)'],
    ['a dynamic import with options', `await import('./x.ts', { with: {} })`],
    ['a query', `import './x.ts?raw';`],
    ['require', `const x = require('./x.ts')`],
    ['a URL', `new URL('./x.ts', import.meta.url)`],
    ['a URL without a dot', `new URL("x.ts", import.meta.url)`],
    ['a joined path', `path.join(import.meta.dirname, 'sub', '..', 'x.ts')`],
    ['a joined path of CommonJS', `path.resolve(__dirname, 'x.ts')`],
  ])('holds what is named by %s', async (_, text) => {
    write('x.ts', 'export const a = 1;');
    write('unused.ts', '');
    write('main.ts', text);
    expect(await filesOf('main.ts')).toEqual(['main.ts', 'x.ts']);
  });

  it('follows every code file, once, also in a circle, above the folder and through an index', async () => {
    write('env/main.mjs', `import './lib'; import '../shared/y.cjs';`);
    write(
      'env/lib/index.js',
      `export * from '../main.mjs'; import data from './data.json' with { type: 'json' };`,
    );
    write('env/lib/data.json', `{"a": "./never.txt"}`);
    write('env/lib/never.txt', '');
    write('shared/y.cjs', `module.exports = require('./z.json');`);
    write('shared/z.json', '{}');
    expect(await filesOf('env/main.mjs')).toEqual([
      'env/lib/data.json',
      'env/lib/index.js',
      'env/main.mjs',
      'shared/y.cjs',
      'shared/z.json',
    ]);
  });

  it('leaves out packages, folders, what is not there, and what the program writes itself', async () => {
    write('data/a.txt', '');
    for (const name of ['log.txt', 'log2.txt', 'log3.txt']) write(name, '');
    write(
      'main.ts',
      `import 'zod'; import './gone.ts'; readdirSync('./data');
appendFileSync(new URL('./log.txt', import.meta.url), 'x');
await writeFile('./log2.txt', 'x');
createWriteStream(path.join(import.meta.dirname, 'log3.txt'));`,
    );
    expect(await filesOf('main.ts')).toEqual(['log3.txt', 'main.ts']);
  });

  it('has a digest of the content of each, and says so when one cannot be read', async () => {
    const main = write('main.ts', `import './x.ts'; readFile('./data.bin')`);
    write('x.ts', '');
    write('data.bin', 'abc');
    const digests = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await sourceFiles(main)).map(({ file, sha256 }) => [path.basename(file), sha256]));
    expect(await digests()).toMatchObject({
      'x.ts': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'data.bin': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    if (process.getuid?.() === 0) return;
    chmodSync(path.join(folder, 'data.bin'), 0);
    expect(await digests()).toMatchObject({ 'data.bin': 'unreadable' });
  });
});
