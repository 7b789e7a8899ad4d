import path from 'node:path';

/** This package's compiled files, or its sources. */
const OURS = new URL('..', import.meta.url).href;
const FRAME = /\(?((?:file:\/\/)?\/[^()\s][^()]*|file:\/\/\/[^()]*):(\d+):(\d+)\)?$/;

/**
 * Where in the user's own code an error was thrown: `my-env.ts:12:5`, relative to the working directory where it lies
 * below it. Null when no frame of the stack is the user's.
 */
export function thrownAt(error: unknown, cwd: string = process.cwd()): string | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n').slice(1)) {
    const found = FRAME.exec(line.trim());
    if (found === null) continue;
    const [, place = '', row, column] = found;
    const url = place.startsWith('file:') ? place : `file://${place}`;
    if (url.startsWith(OURS) || url.includes('/node_modules/')) continue;
    const file = decodeURIComponent(new URL(url).pathname);
    const relative = path.relative(cwd, file);
    return `${relative.startsWith('..') ? file : relative}:${row}:${column}`;
  }
  return null;
}

/** An error in one line: its name, its message, and the place in the user's code. */
export function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const at = thrownAt(error);
  return `${error.name}: ${error.message}${at === null ? '' : ` (${at})`}`;
}
