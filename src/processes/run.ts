import type { ChildSpec, Ending } from './child.js';
import { describeEnding, startChild } from './child.js';
import type { LogOptions } from './log.js';
import { Log } from './log.js';

export interface CommandSpec extends Omit<ChildSpec, 'log'> {
  log: LogOptions;
  /** Ends it early. */
  signal?: AbortSignal;
}

export interface Finished {
  /** It ended by itself with exit code 0. */
  ok: boolean;
  /** `exit code 1`, a signal, or why it could not be started. */
  how: string;
  /** The last lines that it printed, oldest first. */
  tail: string[];
}

/** Runs a command to its end, on the same leash as a process that is kept. */
export async function runCommand(spec: CommandSpec): Promise<Finished> {
  const log = new Log(spec.log);
  const child = startChild({ ...spec, log });
  const stop = (): void => void child.stop();
  spec.signal?.addEventListener('abort', stop, { once: true });
  const ending: Ending = await child.ended;
  spec.signal?.removeEventListener('abort', stop);
  await log.close();
  return { ok: ending.code === 0, how: describeEnding(ending), tail: log.tail() };
}
