import type { Clock } from '../protocol/index.js';

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

/**
 * Runs `work` until it ends, the time limit passes (throws `onTimeout()`) or `outer` aborts (throws its reason),
 * even when `work` ignores its signal. A plain value costs no timer.
 */
export async function bounded<Result>(
  outer: AbortSignal,
  limit: TimeLimit,
  work: (lazy: LazySignal) => Result | Promise<Result>,
): Promise<Result> {
  outer.throwIfAborted();
  const lazy = new LazySignal(outer);
  let stop: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;
  try {
    const result = work(lazy);
    if (!(result instanceof Promise)) return result;
    return await new Promise<Result>((resolve, reject) => {
      result.then(resolve, reject);
      stop = () => reject(outer.reason as Error);
      outer.addEventListener('abort', stop, { once: true });
      if (limit.ms !== null) cancelTimer = limit.clock.after(limit.ms, () => reject(limit.onTimeout()));
    });
  } catch (error) {
    lazy.abort(error);
    throw error;
  } finally {
    cancelTimer?.();
    if (stop !== undefined) outer.removeEventListener('abort', stop);
    lazy.unlink();
  }
}
