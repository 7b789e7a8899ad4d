import type { Host } from './host.js';

/** How a run is asked to stop: first politely, then at once. */
export interface StopSignals {
  /** Aborted at the first signal: nothing new is started, what is in flight is finished. */
  readonly drain: AbortSignal;
  /** Aborted at the second: what is in flight is cancelled. */
  readonly abort: AbortSignal;
  /** Stops listening; a further signal then ends the process as usual. */
  release(): void;
}

/**
 * Listens for Ctrl-C and SIGTERM. After the second the listeners go, so that a third ends the process even
 * when something does not react. `inFlight` gives the number of episodes for the message.
 */
export function listenForStop(
  host: Host,
  inFlight: () => number,
  say: (message: string) => void,
): StopSignals {
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
      say('aborting: rollouts in flight are cancelled and stay owed');
      abort.abort(new Error('interrupted'));
    }
  };
  release.push(host.onSignal('SIGINT', onSignal), host.onSignal('SIGTERM', onSignal));
  return { drain: drain.signal, abort: abort.signal, release: releaseAll };
}
