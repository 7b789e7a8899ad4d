import type { Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';

export interface CallScope {
  /** Aborted with the episode, at the episode's deadline, or when this request's own time is up. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds at which the signal is aborted at the latest; null = never. */
  readonly endsAt: number | null;
  /** Removes the listener and the timer. */
  end(): void;
}

/**
 * The time and signal that all attempts of one request share. Cheaper than `AbortSignal.any`, which keeps a
 * reference per request on the long-lived signal.
 */
export function openScope(call: Call, clock: Clock, callMs: number, url: string): CallScope {
  const own = callMs > 0 ? clock.now() + callMs : null;
  const endsAt = own === null ? call.deadline : Math.min(own, call.deadline ?? Infinity);
  const time = (cancel: (reason: unknown) => void): (() => void) | undefined =>
    endsAt === null
      ? undefined
      : clock.after(Math.max(0, endsAt - clock.now()), () =>
          cancel(timeUp(url, endsAt === call.deadline, callMs)),
        );
  if (call.cancel !== undefined) {
    const stop = time(call.cancel);
    return { signal: call.signal, endsAt, end: () => stop?.() };
  }
  const controller = new AbortController();
  const follow = (): void => {
    controller.abort(call.signal.reason);
  };
  if (call.signal.aborted) follow();
  call.signal.addEventListener('abort', follow, { once: true });
  const stop = time((reason) => controller.abort(reason));
  return {
    signal: controller.signal,
    endsAt,
    end() {
      call.signal.removeEventListener('abort', follow);
      stop?.();
    },
  };
}

function timeUp(url: string, ofEpisode: boolean, callMs: number): CallFailure {
  const { origin } = new URL(url);
  return ofEpisode
    ? new CallFailure('episode_timeout', `${origin}: the episode's time was up while waiting for the model`, {
        retryable: true,
      })
    : new CallFailure(
        'timeout_call',
        `${origin}: no whole answer within ${callMs / 1000} s (request_timeout_seconds)`,
        {
          retryable: true,
        },
      );
}
