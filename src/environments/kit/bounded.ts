import type { Call, Clock } from '../../protocol/index.js';
import { TimeLimit as Timer } from '../../transport/index.js';

/** A time limit and what passing it means. `ms` null = none. */
export interface TimeLimit {
  ms: number | null;
  clock: Clock;
  onTimeout(): Error;
}

/** A signal that is made only when somebody looks at it: most tools and verifiers are plain functions. */
export class LazySignal {
  #controller: AbortController | undefined;
  #unlink: (() => void) | undefined;

  constructor(private readonly outer: AbortSignal) {}

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      const forward = (): void => controller.abort(this.outer.reason);
      if (this.outer.aborted) forward();
      else this.outer.addEventListener('abort', forward, { once: true });
      this.#unlink = () => this.outer.removeEventListener('abort', forward);
      this.#controller = controller;
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  unlink(): void {
    this.#unlink?.();
  }
}

/** What bounded work may look at: a signal, and its call, whose pauses stop the time limit as well. */
export class Bounds extends LazySignal {
  constructor(
    private readonly outerCall: Call,
    private readonly pauseLimit: () => (() => void) | undefined,
  ) {
    super(outerCall.signal);
  }

  get call(): Call {
    const { outerCall: outer, pauseLimit } = this;
    return {
      ...outer,
      get deadline() {
        return outer.deadline;
      },
      onPhase: (phase, detail) => outer.onPhase(phase, detail),
      pause() {
        const resume = [pauseLimit(), outer.pause?.()];
        return () => resume.forEach((go) => go?.());
      },
    };
  }
}

/**
 * Runs `work` until it ends, the time limit passes (throws `onTimeout()`) or the call aborts (throws its reason),
 * even when `work` ignores its signal. A plain value costs no timer.
 */
export async function bounded<Result>(
  call: Call,
  limit: TimeLimit,
  work: (bounds: Bounds) => Result | Promise<Result>,
): Promise<Result> {
  const { signal: outer } = call;
  outer.throwIfAborted();
  let stop: (() => void) | undefined;
  let timeUp = (): void => undefined;
  let timer: Timer | undefined;
  const arm = (): Timer | undefined =>
    limit.ms === null ? undefined : (timer ??= new Timer(limit.clock, limit.ms, () => timeUp()));
  const bounds = new Bounds(call, () => arm()?.pause());
  try {
    const result = work(bounds);
    if (!(result instanceof Promise)) return result;
    return await new Promise<Result>((resolve, reject) => {
      result.then(resolve, reject);
      stop = () => reject(outer.reason as Error);
      outer.addEventListener('abort', stop, { once: true });
      timeUp = () => reject(limit.onTimeout());
      arm();
    });
  } catch (error) {
    bounds.abort(error);
    throw error;
  } finally {
    timer?.stop();
    if (stop !== undefined) outer.removeEventListener('abort', stop);
    bounds.unlink();
  }
}
