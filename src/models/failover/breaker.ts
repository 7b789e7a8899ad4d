import type { FailureKind } from '../../protocol/index.js';

/** Failures in a row that open the circuit. */
const FAILURES = 3;
/** How long an open circuit lets nothing through before one request probes it, in milliseconds. */
const COOL_DOWN_MS = 10_000;
/** The same after a failure that time alone will hardly mend (key, quota, model name). */
const LONG_COOL_DOWN_MS = 300_000;

const SLOW_TO_MEND: ReadonlySet<FailureKind> = new Set([
  'auth',
  'permission',
  'quota_exhausted',
  'not_found',
]);

/** Says whether an endpoint is worth asking. Pure: time comes in. */
export interface Breaker {
  /** True when a request may go; in an open circuit true once per cool-down, for the probe. */
  admits(now: number): boolean;
  /** What {@link admits} would say; nothing is let through. */
  ready(now: number): boolean;
  succeeded(): void;
  failed(kind: FailureKind, now: number): void;
  /** The probe or request ended without telling anything (cancelled). */
  released(): void;
  readonly open: boolean;
  /** When an open circuit lets its next probe through; null while it is closed. */
  readonly openUntil: number | null;
}

export function createBreaker(coolDownMs = COOL_DOWN_MS): Breaker {
  let failures = 0;
  let openUntil: number | null = null;
  let probing = false;
  return {
    get open() {
      return openUntil !== null;
    },
    get openUntil() {
      return openUntil;
    },
    ready: (now) => openUntil === null || (!probing && now >= openUntil),
    admits(now) {
      if (openUntil === null) return true;
      if (probing || now < openUntil) return false;
      probing = true;
      return true;
    },
    succeeded() {
      failures = 0;
      openUntil = null;
      probing = false;
    },
    failed(kind, now) {
      failures += 1;
      const slow = SLOW_TO_MEND.has(kind);
      if (probing || slow || failures >= FAILURES) openUntil = now + (slow ? LONG_COOL_DOWN_MS : coolDownMs);
      probing = false;
    },
    released() {
      probing = false;
    },
  };
}

export const NEVER_OPEN: Breaker = {
  open: false,
  openUntil: null,
  admits: () => true,
  ready: () => true,
  succeeded: () => undefined,
  failed: () => undefined,
  released: () => undefined,
};
