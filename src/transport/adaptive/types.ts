/** How one request went, as far as it matters for how many more to send. Times in epoch milliseconds. */
export interface Finish {
  now: number;
  /**
   * `refused`: 429; `overloaded`: 503 and its like; `failed`: anything else that the provider answered; `gone`: nothing
   * came of it (cancelled, unreachable).
   */
  result: 'ok' | 'refused' | 'overloaded' | 'failed' | 'gone';
  /** The wait that a refusal asked for. */
  retryAfterMs?: number;
  /** The provider's word on its quota: requests left, and when the quota is whole again. */
  quota?: { left: number; resetMs: number };
}

/** One request that was let go. */
export interface Ticket {
  readonly startedAt: number;
  /** Requests out when it started, itself included. */
  readonly inFlight: number;
  /** Number of requests started before it. */
  readonly serial: number;
}

/** One change of the limit or the pace, for the log. */
export interface Change {
  at: number;
  /** Requests at a time. */
  from: number;
  to: number;
  /** Requests per second that are not exceeded; null = no such bound. */
  rate: number | null;
  reason: string;
}

/** Decides how many requests may be out and how fast they follow. Pure: time comes in, decisions go out. */
export interface Controller {
  readonly limit: number;
  readonly inFlight: number;
  /** Not later than `now` = a request may start; a time = not before then; Infinity = not before one finishes. */
  nextStart(now: number): number;
  /** Until when nothing but probes goes out, because the provider asked for it; 0 = it is open. */
  closedUntil(now: number): number;
  /** A decision rests on silence: it is taken once `sure` says that all that has come in was told to `finish`. */
  readonly unsure: boolean;
  sure(): void;
  start(now: number): Ticket;
  finish(ticket: Ticket, finish: Finish): void;
}

export interface ControllerOptions {
  /** Never more than this at a time. */
  max: number;
  /** `sure` is called when something is `unsure`. Otherwise nothing ever is. */
  listens?: boolean;
  /** Requests at a time to begin with. Default 16. */
  initial?: number;
  onChange?(change: Change): void;
}
