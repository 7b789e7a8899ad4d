import type { Clock } from '../../protocol/index.js';
import type { Limiter, Observation, Permit } from '../limiter.js';
import type { Controller } from './types.js';

interface Waiter {
  admit(permit: Permit): void;
}

/** Lets requests through as a controller decides; those that wait are served in the order of their coming. */
export function adaptiveLimiter(controller: Controller, clock: Clock): Limiter {
  const queue = new Set<Waiter>();
  let cancelWake: (() => void) | undefined;
  let listening = false;

  /** Refusals that lie unread while the program is busy must not pass for requests that were taken. */
  function listen(): void {
    if (listening || !controller.unsure) return;
    listening = true;
    clock.turn?.(() => {
      listening = false;
      controller.sure();
      controller.nextStart(clock.now());
      pump();
    });
  }

  function pump(): void {
    cancelWake?.();
    cancelWake = undefined;
    for (const waiter of queue) {
      const now = clock.now();
      const next = controller.nextStart(now);
      if (next > now) {
        if (next !== Infinity) cancelWake = clock.after(next - now, pump);
        listen();
        return;
      }
      queue.delete(waiter);
      waiter.admit(permit(now));
    }
  }

  function permit(now: number): Permit {
    const ticket = controller.start(now);
    let held = true;
    return {
      release(observation) {
        if (!held) return;
        held = false;
        controller.finish(ticket, finishOf(observation, clock.now()));
        pump();
      },
    };
  }

  return {
    get inFlight() {
      return controller.inFlight;
    },
    get waiting() {
      return queue.size;
    },
    get limit() {
      return controller.limit;
    },
    closedFor(now) {
      // A request that may go, or may try whether the wait is over, need not be turned away.
      return controller.nextStart(now) <= now ? 0 : Math.max(0, controller.closedUntil(now) - now);
    },
    acquire(call, signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      const now = clock.now();
      const next = queue.size > 0 ? Infinity : controller.nextStart(now);
      if (next <= now) return Promise.resolve(permit(now));
      // No numbers: what is told now would be shown for as long as the wait lasts.
      call.onPhase('queued', controller.closedUntil(now) > now ? 'the provider asked to wait' : '');
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          queue.delete(waiter);
          reject(signal.reason as Error);
          pump();
        };
        const waiter: Waiter = {
          admit(granted) {
            signal.removeEventListener('abort', onAbort);
            resolve(granted);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.add(waiter);
        if (queue.size === 1) pump();
      });
    },
  };
}

function finishOf(observation: Observation | undefined, now: number): Parameters<Controller['finish']>[1] {
  if (observation === undefined) return { now, result: 'gone' };
  const { result, retryAfterMs, quota } = observation;
  return {
    now,
    result,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(quota !== undefined && { quota }),
  };
}
