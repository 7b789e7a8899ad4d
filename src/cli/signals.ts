import type { Host } from './host.js';
import type { Display } from './reporters/index.js';

/** How a run is asked to stop: first politely, then at once. */
export interface StopSignals {
  /** Aborted at the first signal: nothing new is sent, what has been sent is finished. */
  readonly drain: AbortSignal;
  /** Aborted at the second: what is in flight is cancelled. */
  readonly abort: AbortSignal;
  /** Stops listening; a further signal then ends the process as usual. */
  release(): void;
}

/**
 * Listens for Ctrl-C, SIGTERM and a closed terminal. After the second the listeners go, so that a third ends the
 * process even when something does not react. `inFlight` gives the number of episodes for the message.
 */
export function listenForStop(
  host: Host,
  inFlight: () => number,
  display: Pick<Display, 'say' | 'close'>,
): StopSignals {
  const { say } = display;
  const drain = new AbortController();
  const abort = new AbortController();
  const release: (() => void)[] = [];
  const releaseAll = (): void => release.splice(0).forEach((off) => off());
  const onSignal = (): void => {
    if (!drain.signal.aborted) {
      drain.abort(new Error('interrupted'));
      const count = inFlight();
      say(`stopping: finishing ${count} rollout${count === 1 ? '' : 's'} in flight; Ctrl-C again to abort`);
    } else {
      releaseAll();
      // A third signal leaves no time to restore the terminal.
      display.close();
      say('aborting: rollouts in flight are cancelled and stay owed');
      abort.abort(new Error('interrupted'));
    }
  };
  const onHangUp = (): void => {
    if (survivesHangUp(host)) say('the terminal was closed; going on');
    // The kernel and the shell may both tell of the same closed terminal: it never aborts.
    else if (!drain.signal.aborted) onSignal();
  };
  release.push(
    host.onSignal('SIGINT', onSignal),
    host.onSignal('SIGTERM', onSignal),
    host.onSignal('SIGHUP', onHangUp),
  );
  return { drain: drain.signal, abort: abort.signal, release: releaseAll };
}

/**
 * Whether a closed terminal is no reason to stop. `nohup` cannot be seen itself, for Node resets the signals that it
 * was started with; but nohup leaves neither stdout nor stderr on a terminal, on any system. So whoever writes to no
 * terminal goes on.
 */
export function survivesHangUp({ stdout, stderr }: Host): boolean {
  return stdout.isTTY !== true && stderr.isTTY !== true;
}
