import type { Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';

export interface CallScope {
  /** Aborted with the episode, at the episode's deadline, or when this request's own time is up. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds at which the signal is aborted at the latest, as it stands now; null = never. */
  readonly endsAt: number | null;
  /** Stops the clocks of the request and of its episode until the returned function is called. */
  pause(): () => void;
  /** Removes the listener and the timer. */
  end(): void;
}

/**
 * The time and signal that all attempts of one request share. Cheaper than `AbortSignal.any`, which keeps a
 * reference per request on the long-lived signal. `timeUp` makes the failure for the request's own time.
 */
export function openScope(call: Call, clock: Clock, callMs: number, timeUp: () => CallFailure): CallScope {
  if (call.cancel !== undefined) {
    const limits = new Limits(call, clock, callMs, timeUp, call.cancel);
    return scopeOf(call.signal, limits, () => undefined);
  }
  const controller = new AbortController();
  const follow = (): void => {
    controller.abort(call.signal.reason);
  };
  if (call.signal.aborted) follow();
  call.signal.addEventListener('abort', follow, { once: true });
  const limits = new Limits(call, clock, callMs, timeUp, (reason) => controller.abort(reason));
  return scopeOf(controller.signal, limits, () => call.signal.removeEventListener('abort', follow));
}

function scopeOf(signal: AbortSignal, limits: Limits, leave: () => void): CallScope {
  return {
    signal,
    get endsAt() {
      return limits.endsAt;
    },
    pause: () => limits.pause(),
    end() {
      leave();
      limits.stop();
    },
  };
}

/** The request's own limit, and the episode's deadline, which moves on while nothing can be reached. One timer for both. */
class Limits {
  /** The pauses so far, in milliseconds, and since when the clock stands. */
  #paused = 0;
  #pausedAt: number | null = null;
  readonly #ownEnd: number;
  #cancelTimer: (() => void) | undefined;

  constructor(
    private readonly call: Call,
    private readonly clock: Clock,
    callMs: number,
    private readonly timeUp: () => CallFailure,
    private readonly cancel: (reason: unknown) => void,
  ) {
    this.#ownEnd = callMs > 0 ? clock.now() + callMs : Infinity;
    this.#arm();
  }

  get endsAt(): number | null {
    const first = Math.min(this.#own, this.call.deadline ?? Infinity);
    return first === Infinity ? null : first;
  }

  get #own(): number {
    const now = this.#pausedAt === null ? 0 : this.clock.now() - this.#pausedAt;
    return this.#ownEnd + this.#paused + now;
  }

  pause(): () => void {
    this.#pausedAt = this.clock.now();
    this.#cancelTimer?.();
    const resume = this.call.pause?.();
    return () => {
      if (this.#pausedAt === null) return;
      this.#paused += this.clock.now() - this.#pausedAt;
      this.#pausedAt = null;
      resume?.();
      this.#arm();
    };
  }

  stop(): void {
    this.#cancelTimer?.();
  }

  #arm(): void {
    const { endsAt } = this;
    if (endsAt === null) return;
    this.#cancelTimer = this.clock.after(Math.max(0, endsAt - this.clock.now()), () => this.#up());
  }

  #up(): void {
    const now = this.clock.now();
    // Another request of the episode may have stopped its clock meanwhile. Timers may be early by a millisecond.
    if ((this.endsAt ?? Infinity) > now + 1) this.#arm();
    else if (this.#own <= now + 1) this.cancel(this.timeUp());
    else this.cancel(new CallFailure('episode_timeout', EPISODE_OVER, { retryable: true }));
  }
}

const EPISODE_OVER = 'the episode’s time was up while waiting for an answer';
