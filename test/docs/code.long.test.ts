import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import type { Fence } from '../support/markdown.js';
import { at, blocks } from './pages.js';
import { Place } from './place.js';

/** What a fragment takes for granted: a server's own request and reply. */
const GIVEN = `import type { CallFailure as Failure } from 'ngym';
declare const upstream: Response & { body: ReadableStream<Uint8Array> };
declare const response: { write(text: string): void };
declare const failure: Failure;
`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  types: ['node'],
};

const CODE = blocks(['ts', 'js']);
const runnable = CODE.filter(([, { marks }]) => marks.length === 0);

const stem = (block: Fence): string => at(block).replaceAll(/[^\w]+/g, '-');

let place: Place;
let cwd: string;
beforeAll(async () => {
  await ensureBuilt();
  place = await Place.open();
  cwd = place.folder('code', ['mcqa_rollouts']);
}, 180_000);
afterAll(() => place.close());

describe('code of the pages, as somebody who has installed the package', () => {
  it('passes the compiler', () => {
    const files = CODE.map(([, block]) => {
      const file = path.join(cwd, `${stem(block)}.${block.language === 'ts' ? 'mts' : 'mjs'}`);
      // Lines stay as they are, so that a message names the right one.
      const given = block.marks.includes('fragment') ? GIVEN.replaceAll('\n', ' ') : '';
      writeFileSync(file, `${given}${block.text}\nexport {};\n`);
      return file;
    });
    const program = ts.createProgram(files, { ...OPTIONS, typeRoots: [path.resolve('node_modules/@types')] });
    const problems = ts.getPreEmitDiagnostics(program).map((problem) => {
      const text = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
      const line = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
      return `${path.basename(problem.file?.fileName ?? '')}, line ${line + 1}: ${text}`;
    });
    expect(problems).toEqual([]);
  });

  it.each(runnable)('%s runs', (_, block) => {
    const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
    const compiled = ts.transpileModule(block.text, { compilerOptions });
    const file = path.join(cwd, `${stem(block)}-run.mjs`);
    writeFileSync(file, compiled.outputText);
    const { status, stderr } = spawnSync(process.execPath, [file], { cwd, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
});
