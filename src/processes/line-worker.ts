import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { leashed } from './leash.js';

/** A program that is asked by lines on its standard input and answers by lines on its standard output. */
export interface LineWorkerSpec {
  command: string;
  args: readonly string[];
  /** The whole environment of the program. */
  env: Readonly<Record<string, string | undefined>>;
  /** Each line that it prints. */
  onLine(line: string): void;
  /** It is gone, by itself or stopped; `how` with the last lines of its errors. */
  onEnd(how: string): void;
}

export interface LineWorker {
  send(line: string): void;
  /** Lets us end while it runs, or (true) not. */
  hold(isHeld: boolean): void;
  stop(): void;
}

const GRACE_MS = 1000;
const TAIL_CHARACTERS = 2000;

/** Starts a program on a leash: it and all that it starts are gone when we are. */
export function startLineWorker(spec: LineWorkerSpec): LineWorker {
  const [command, args] = leashed(spec.command, spec.args, GRACE_MS);
  const child = spawn(command, args, {
    env: spec.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
  });
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => spec.onLine(line));
  let over = false;
  const end = (how: string): void => {
    if (over) return;
    over = true;
    killGroup(child);
    child.stdio[3]!.destroy();
    const words = errors.trim();
    spec.onEnd(words === '' ? how : `${how}: ${words.slice(words.lastIndexOf('\n') + 1)}`);
  };
  child.once('error', (error) => end(error.message));
  // What it printed last is read before it is said to be gone.
  child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  child.once('exit', () => killGroup(child));
  return {
    send: (line) => void child.stdin.write(`${line}\n`),
    hold(isHeld) {
      const handles = [child, ...child.stdio] as unknown as Partial<Pick<ChildProcess, 'ref' | 'unref'>>[];
      for (const handle of handles)
        if (isHeld) handle.ref?.();
        else handle.unref?.();
    },
    stop: () => killGroup(child),
  };
}

/** It, what it started, and the watcher. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
