import type { Clock } from '../../protocol/index.js';
import type { CollectOptions } from '../types.js';
import type { Stopper } from './stopper.js';

/** After the wall-clock limit, what is in flight may finish for so long before it is cancelled. Unit: seconds. */
const WALL_GRACE_SECONDS = 60;

interface Limits {
  signals: NonNullable<CollectOptions['signals']>;
  /** Seconds until dispatch ends; null = no limit. */
  wallSeconds: number | null;
  clock: Clock;
  stopper: Stopper;
  /** Cancels what waits, and lets nothing in flight begin anything more. */
  drain: (reason: string) => void;
  cancelAll: (reason: string) => void;
}

/** Ends a run from outside: by signal, or when its time is up. Returns what takes the listeners and timers away. */
export function followLimits({ signals, wallSeconds, clock, stopper, drain, cancelAll }: Limits): () => void {
  const released = new AbortController();
  const onDrain = (): void => {
    stopper.request(
      'drain',
      'interrupted: what had been sent was finished, the rest is owed',
      'interrupted: what has been sent is being finished, the rest is owed',
    );
    drain('interrupted');
  };
  const onAbort = (): void => {
    const text = 'interrupted: what was in flight was cancelled';
    stopper.request('abort', text, 'interrupted: what is in flight is being cancelled');
    cancelAll('interrupted');
  };
  const pairs = [
    [signals.drain, onDrain],
    [signals.abort, onAbort],
  ] as const;
  for (const [signal, listener] of pairs) {
    if (signal?.aborted === true) listener();
    signal?.addEventListener('abort', listener, { once: true, signal: released.signal });
  }
  const wall = async (seconds: number): Promise<void> => {
    await clock.sleep(seconds * 1000, released.signal);
    stopper.request('budget', `the time is up (max_wall_time=${seconds} s)`);
    await clock.sleep(WALL_GRACE_SECONDS * 1000, released.signal);
    cancelAll('the time is up');
  };
  if (wallSeconds !== null) wall(wallSeconds).catch(() => undefined);
  return () => {
    released.abort();
  };
}
