import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../protocol/index.js';

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
    return () => {
      clearTimeout(timer);
    };
  },
  turn: (callback) => void setImmediate(callback),
  sleep: async (ms, signal) => {
    try {
      await delay(Math.min(ms, MAX_TIMER_MS), undefined, { signal });
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};

/** Longer timers fire at once in Node. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
