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
  const controller = new AbortController();
  const own = callMs > 0 ? clock.now() + callMs : null;
  const endsAt = own === null ? call.deadline : Math.min(own, call.deadline ?? Infinity);
  const follow = (): void => {
    controller.abort(call.signal.reason);
  };
  if (call.signal.aborted) follow();
  call.signal.addEventListener('abort', follow, { once: true });
  const cancelTimer =
    endsAt === null
      ? undefined
      : clock.after(Math.max(0, endsAt - clock.now()), () => {
          controller.abort(timeUp(url, endsAt === call.deadline, callMs));
        });
  return {
    signal: controller.signal,
    endsAt,
    end() {
      call.signal.removeEventListener('abort', follow);
      cancelTimer?.();
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
