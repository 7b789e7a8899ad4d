import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../support/build.js';

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningProgram {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves once the text has appeared on stderr; rejects when the program ends before. */
  said(text: string): Promise<void>;
}

export interface ProgramOptions {
  cwd: string;
  /** Program name, default `ng`. */
  name?: string;
  env?: Record<string, string>;
  /** Arguments for Node itself. */
  node?: string[];
  /** What comes on the standard input; default: there is none. */
  input?: string;
}

let linked: string | undefined;

/** A folder for the path with `ng` in it, as `npm link` makes one. */
function linkedPrograms(): string {
  if (linked !== undefined) return linked;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-linked-'));
  symlinkSync(path.join(REPOSITORY, 'bin', 'ng.js'), path.join(folder, 'ng'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return (linked = folder);
}

/** Starts one of our programs as a user would: its own process, a clean environment, no terminal. */
export function start(args: readonly string[], options: ProgramOptions): RunningProgram {
  const bin = path.join(REPOSITORY, 'bin', `${options.name ?? 'ng'}.js`);
  const child = spawn(process.execPath, [...(options.node ?? []), bin, ...args], {
    cwd: options.cwd,
    env: {
      PATH: `${linkedPrograms()}${path.delimiter}${process.env['PATH'] ?? ''}`,
      HOME: options.cwd,
      ...options.env,
    },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(options.input);
  const { stdout: out, stderr: err } = child;
  if (out === null || err === null) throw new Error('a program without its pipes');
  let stdout = '';
  let stderr = '';
  out.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  err.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (stderr.includes(text)) resolve();
      };
      check();
      err.on('data', check);
      child.on('close', () => reject(new Error(`ended without saying "${text}":\n${stderr}`)));
    });
  return { child, finished, said };
}

export function run(args: readonly string[], options: ProgramOptions): Promise<Finished> {
  return start(args, options).finished;
}

/** An empty working directory with the given files, and a way to hide its path and ours in output. */
export function workspace(files: Record<string, string> = {}): {
  cwd: string;
  hide: (text: string) => string;
  remove: () => void;
} {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'ngym-cli-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  }
  const hide = (text: string): string => text.replaceAll(cwd, '<here>').replaceAll(REPOSITORY, '<package>');
  return { cwd, hide, remove: () => rmSync(cwd, { recursive: true, force: true }) };
}
