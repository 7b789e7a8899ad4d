/** An allowance of second attempts. */
export interface RetryBudget {
  /** Takes one from the allowance; false when it is spent. */
  take(): boolean;
  /** Told of each request, of which the allowance is a share. */
  earn(): void;
  /** Gives back what was taken for attempts that failed in an outage. */
  giveBack(count: number): void;
}

/** Second attempts that are always allowed, so that small runs are not cut short. */
const FLOOR = 100;
/** Share of an endpoint's requests that may be asked again beyond that. */
const SHARE = 0.25;

/**
 * An endpoint's allowance of second attempts: a floor, and a share of all requests. When most requests fail, the
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
    giveBack(count) {
      taken = Math.max(0, taken - count);
    },
  };
}
