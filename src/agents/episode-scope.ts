import { CallFailure } from '../protocol/index.js';
import type { Call, Clock } from '../protocol/index.js';
import { TimeLimit } from '../transport/index.js';

/** Default wall-clock limit of one episode: an hour. */
export const DEFAULT_EPISODE_SECONDS = 3600;

/** The call of one episode with its wall-clock limit built in. */
export interface EpisodeScope {
  readonly call: Call;
  /** Rejects when the episode is cancelled or its time is up; never resolves. */
  readonly ended: Promise<never>;
  /** Clears the timer; always call it. */
  release(): void;
}

/** Narrows a call to `seconds` from now (0 = no limit of its own). */
export function openScope(outer: Call, clock: Clock, seconds: number): EpisodeScope {
  const controller = new AbortController();
  const forward = (): void => controller.abort(outer.signal.reason);
  if (outer.signal.aborted) forward();
  else outer.signal.addEventListener('abort', forward, { once: true });

  const limit =
    seconds > 0 ? new TimeLimit(clock, seconds * 1000, () => controller.abort(timeUp(seconds))) : undefined;
  const ended = new Promise<never>((_, reject) => {
    const stop = (): void => reject(controller.signal.reason as Error);
    if (controller.signal.aborted) stop();
    else controller.signal.addEventListener('abort', stop, { once: true });
  });
  // Nobody may be waiting at the moment it rejects.
  ended.catch(() => undefined);
  return {
    call: {
      signal: controller.signal,
      get deadline() {
        const first = Math.min(outer.deadline ?? Infinity, limit?.endsAt ?? Infinity);
        return first === Infinity ? null : first;
      },
      episodeId: outer.episodeId,
      rolloutIndex: outer.rolloutIndex,
      attempts: outer.attempts,
      onPhase: (phase, detail) => outer.onPhase(phase, detail),
      onJudged: (model, usage) => outer.onJudged?.(model, usage),
      pause() {
        const resume = [limit?.pause(), outer.pause?.()];
        return () => resume.forEach((go) => go?.());
      },
    },
    ended,
    release() {
      limit?.stop();
      outer.signal.removeEventListener('abort', forward);
    },
  };
}

function timeUp(seconds: number): CallFailure {
  return new CallFailure(
    'episode_timeout',
    `The episode was not finished after ${seconds} s (episode_timeout_seconds).`,
    { retryable: true },
  );
}
