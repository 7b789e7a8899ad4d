import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file that a program is made of. */
export interface SourceFile {
  /** Absolute. */
  file: string;
  sha256: string;
  /** Null for what is no JavaScript or TypeScript: data. */
  text: string | null;
}

const CODE = /\.[mc]?[jt]s$/;
/** What may be left out at the end of a path, in the order in which it is tried. */
const ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.cts', '.json'];

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * The file that a relative specifier means in a module of `directory`: as it is written, or `.ts` where it says
 * `.js`, or with the ending that was left out; undefined when there is none.
 */
export function resolveRelative(specifier: string, directory: string): string | undefined {
  const exact = path.resolve(directory, specifier.replace(/[?#].*$/s, ''));
  const typed = exact.replace(/\.([mc]?)js$/, '.$1ts');
  return [
    exact,
    typed,
    ...ENDINGS.map((ending) => exact + ending),
    ...ENDINGS.map((ending) => path.join(exact, `index${ending}`)),
  ].find(isFile);
}

const LITERAL = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|${'`'}[^${'`'}$\\]*${'`'})`;
/** `'./x'`, `"../x"`: what is imported, and what is named for reading. */
const RELATIVE = new RegExp(String.raw`(['"${'`'}])(\.{1,2}/[^'"${'`'}$\n\\]*)\1`, 'g');
/** `new URL('x', import.meta.url)`: relative without a dot, too. */
const BESIDE = new RegExp(String.raw`new\s+URL\(\s*(${LITERAL})\s*,\s*import\.meta\.url`, 'g');
/** `join(import.meta.dirname, 'cases', 'x.json')`. */
const JOINED = new RegExp(
  String.raw`\(\s*(?:import\.meta\.dirname|__dirname)((?:\s*,\s*${LITERAL})+)\s*,?\s*\)`,
  'g',
);
/** Text before a path that is about to be written: what the program makes is no part of it. */
const WRITES = /\b(?:write|append)File(?:Sync)?\(\s*$|\bcreateWriteStream\(\s*$|\bmkdir(?:Sync)?\(\s*$/;

function unquote(literal: string): string {
  return literal.slice(1, -1);
}

/** Every relative path that a source names in quotes. */
function pathsIn(source: string): string[] {
  const found: string[] = [];
  const take = (match: RegExpExecArray, text: string): void => {
    const before = source.slice(0, match.index).replace(/new\s+URL\(\s*$/, '');
    if (!WRITES.test(before.slice(-80))) found.push(text);
  };
  for (const match of source.matchAll(RELATIVE)) take(match, match[2]!);
  for (const match of source.matchAll(BESIDE)) take(match, unquote(match[1]!));
  for (const match of source.matchAll(JOINED)) {
    const parts = match[1]!.match(new RegExp(LITERAL, 'g')) ?? [];
    found.push(path.join(...parts.map(unquote)));
  }
  return found;
}

async function readSource(file: string): Promise<SourceFile> {
  const hash = createHash('sha256');
  if (CODE.test(file)) {
    const bytes = await readFile(file);
    return { file, sha256: hash.update(bytes).digest('hex'), text: bytes.toString('utf8') };
  }
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { file, sha256: hash.digest('hex'), text: null };
}

/** The file that a path in a module means; a path that is read may start in the working directory. */
function meant(named: string, directory: string): string | undefined {
  const found = resolveRelative(named, directory);
  if (found !== undefined) return found;
  const here = path.resolve(named);
  return isFile(here) ? here : undefined;
}

/**
 * A module and every file that it names by a relative path in quotes, and so on: static and dynamic imports,
 * `require`, JSON, `new URL('…', import.meta.url)`, files to read (beside the module, else in the working directory).
 * It rather takes a file too many (one that a comment names) than one too few; it cannot see a path that is put
 * together at run time, a folder, or a package. Throws when `entry` cannot be read.
 */
export async function sourceFiles(entry: string): Promise<SourceFile[]> {
  const found = new Map<string, SourceFile>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    const source = await readSource(file).catch((error: unknown): SourceFile => {
      // What cannot be read and is needed fails when it is used, with a better message.
      if (file === entry) throw error;
      return { file: file, sha256: 'unreadable', text: null };
    });
    found.set(file, source);
    for (const named of pathsIn(source.text ?? '')) {
      const next = meant(named, path.dirname(file));
      if (next !== undefined) queue.push(next);
    }
  }
  return [...found.values()];
}
