import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Where } from '../../errors/index.js';
import type { SourceFile } from './source-files.js';
import { stripTypes, SyntaxProblem } from './strip-types.js';

/** Where a user's program failed to load, and what is wrong there as far as it can be said better than by Node. */
export interface Failure {
  message: string;
  where: Where;
}

/** `file:///a/b.ts:3:7` and `/a/b.ts:3:7` in a stack. */
const FRAME = /(file:\/\/[^\s()]+?|\/[^():\n]+?):(\d+):(\d+)\)?$/gm;

/** The first frame of a stack that lies in one of these files. */
function frameIn(stack: string, files: readonly SourceFile[]): Where | undefined {
  for (const [, place = '', line, column] of stack.matchAll(FRAME)) {
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (files.some((source) => source.file === file))
      return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** The first mistake in the syntax of these files; Node does not tell where it found one in an import. */
function syntaxProblem(files: readonly SourceFile[]): SyntaxProblem | undefined {
  for (const { file, text } of files) {
    try {
      if (text !== null) stripTypes(file, text);
    } catch (error) {
      if (error instanceof SyntaxProblem) return error;
    }
  }
  return undefined;
}

/** The line that holds an import which cannot be resolved; Node names the file and what is missing only. */
function lineOfImport(message: string, files: readonly SourceFile[]): Where | undefined {
  const missing =
    /^Cannot find (?:module|package) '([^']+)' imported from (.+)$/m.exec(message) ??
    /provide an export named '([^']+)'()/.exec(message);
  if (missing === null) return undefined;
  const [, name = '', from = ''] = missing;
  const source = from === '' ? files[0] : files.find(({ file }) => file === from);
  const word = path.basename(name, path.extname(name));
  const at = source?.text?.split('\n').findIndex((line) => line.includes(word)) ?? -1;
  return at < 0 ? undefined : { file: source!.file, line: at + 1 };
}

/** Says what stopped the import of `files[0]`. */
export function describeFailure(error: Error, files: readonly SourceFile[]): Failure {
  const { file } = files[0]!;
  const problem = error instanceof SyntaxError ? syntaxProblem(files) : undefined;
  if (problem !== undefined) {
    const { message, line, column } = problem;
    return { message: `SyntaxError: ${message}`, where: { file: problem.file, line, column } };
  }
  return {
    message: `${error.name}: ${error.message}`,
    where: frameIn(error.stack ?? '', files) ?? lineOfImport(error.message, files) ?? { file },
  };
}
