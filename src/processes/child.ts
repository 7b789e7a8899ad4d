import { spawn } from 'node:child_process';
import type { Log } from './log.js';
import { leashed } from './leash.js';

export interface ChildSpec {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment of the child. */
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  /** Between SIGTERM and SIGKILL, also where we are gone ourselves. Unit: milliseconds. */
  graceMs: number;
}

/** How a process ended: one of the two, or an error of the system that kept it from starting. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

/** One life of a process, and of all that it starts. */
export interface Child {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  /** SIGTERM, then SIGKILL after the grace; resolves when the process and its group are gone. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a process in a group of its own, on a leash: when we end, however we end, so do the process and its group. A
 * terminal's Ctrl-C does not reach it: whoever started it says when it stops.
 */
export function startChild(spec: ChildSpec): Child {
  const { log, cwd, graceMs } = spec;
  const [command, args] = leashed(spec.command, spec.args, graceMs);
  const child = spawn(command, args, {
    cwd,
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  log.follow(child.stdout!);
  log.follow(child.stderr!);
  // Our end of the leash: never written to.
  const leash = child.stdio[3]!;
  leash.on('error', () => undefined);
  const { pid } = child;
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // Nobody is left.
    }
  };
  let over = false;
  const ended = new Promise<Ending>((resolve) => {
    const end = (ending: Ending): void => {
      over = true;
      // What it started itself, and the watcher: a next life finds its port and its files free.
      signalGroup('SIGKILL');
      leash.destroy();
      resolve(ending);
    };
    child.once('exit', (code, signal) => end({ code, signal }));
    child.once('error', (error) => end({ code: null, signal: null, error }));
  });
  return {
    pid,
    ended,
    async stop(ms = graceMs) {
      if (over) return;
      if (ms > 0) signalGroup('SIGTERM');
      const timer = setTimeout(() => signalGroup('SIGKILL'), ms);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** `exit code 3`, `signal SIGSEGV`, or why it could not be started. */
export function describeEnding({ code, signal, error }: Ending): string {
  if (error !== undefined) return error.message;
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
