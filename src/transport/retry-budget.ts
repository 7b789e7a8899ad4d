import type { RetryBudget } from './retry.js';

/** Second attempts that are always allowed, so that small runs are not cut short. */
const FLOOR = 100;
/** Share of a run's requests that may be asked again beyond that. */
const SHARE = 0.25;

/**
 * The run-wide allowance of second attempts: a floor, and a share of all requests. When most requests fail, the
 * run fails fast and can be resumed, instead of sending each request five times.
 */
export function createRetryBudget({ share = SHARE, floor = FLOOR } = {}): RetryBudget {
  let requests = 0;
  let taken = 0;
  return {
    earn() {
      requests += 1;
    },
    take() {
      if (taken >= floor + share * requests) return false;
      taken += 1;
      return true;
    },
  };
}
