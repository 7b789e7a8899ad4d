import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { programWord } from './program-word.js';

/** A place to write text; `columns` and `isTTY` as on Node's own streams. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything of the surrounding process that a command may touch, so that tests can give their own. */
export interface Host {
  /** Program name as typed, e.g. `ng` or `ng_collect_rollouts`. */
  readonly name: string;
  /** How a user can call `ng` here, for commands that are printed to be pasted. */
  programWord(): string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Runs `listener` at each signal until the returned function is called. */
  onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2', listener: () => void): () => void;
}

/** A reader that went away (`ng list … | head -1`), and a terminal that was closed. */
const NOBODY_READS: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

/** The host of a real process. That nobody reads any more is not an error. */
export function processHost(name: string): Host {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!NOBODY_READS.has(error.code)) throw error;
    });
  }
  const place = { cwd: process.cwd(), env: process.env };
  return {
    name,
    programWord: () => programWord(process.argv[1], place),
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal: (signal, listener) => {
      process.on(signal, listener);
      if (signal === 'SIGHUP') {
        // A terminal that is gone no longer looks like one.
        const terminals = [0, 1, 2].filter((fd) => isatty(fd));
        process.once('SIGHUP', () => process.once('exit', () => leave(terminals)));
      }
      return () => void process.off(signal, listener);
    },
  };
}

/** At its end Node restores the terminal that it was started on, and aborts when that is gone: let it find none. */
function leave(terminals: readonly number[]): void {
  for (const fd of terminals) {
    closeSync(fd);
    // The lowest free number is the one that was just closed.
    openSync('/dev/null', 'r+');
  }
}
