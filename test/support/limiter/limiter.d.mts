/** What becomes of a request, decided at its arrival. Times in milliseconds. */
export interface Fate {
  /** `refused`: 429; `overloaded`: 503; `failed`: 500. */
  result: 'ok' | 'refused' | 'overloaded' | 'failed';
  /** Until the reply is there. */
  latencyMs: number;
  /** The wait that the refusal tells. */
  retryAfterMs?: number;
  /** What the answer counts for; default 1. */
  weight?: number;
}

/** A provider as a pure function of time. */
export interface ModelledProvider {
  arrive(now: number): Fate;
  /** A request that was taken has left. */
  leave(now: number): void;
}

export type Random = () => number;

export interface Scenario {
  name: string;
  make(random: Random): ModelledProvider;
  durationMs: number;
  /** Episodes at a time in each run, and the bound of its limit. Default 1,000. */
  wanted?: number;
  /** Runs that share the provider. Default 1. */
  clients?: number;
  /** What is refused depends on the load: under 2 % are to be refused. */
  real?: boolean;
  /** Settings among which the best fixed one is looked for. */
  fixed?: number[];
  /** Without a limit it is refused millions of times, and answers what the best fixed setting answers. */
  storm?: boolean;
  /** How it is run over sockets; absent: only simulated. */
  socket?: {
    /** Virtual milliseconds to one real one. */
    scale: number;
    /** In virtual milliseconds. */
    durationMs: number;
    /** Episodes at a time, where the machine could not do as many as in the simulation. */
    wanted?: number;
    /** The provider, where it has to be slower than the simulated one for the same reason. */
    make?: (random: Random) => ModelledProvider;
  };
}

/** Like `Controller` of `src/transport/adaptive`. */
export interface SimulatedController {
  readonly limit: number;
  readonly inFlight: number;
  nextStart(now: number): number;
  closedUntil(now: number): number;
  start(now: number): { startedAt: number; inFlight: number; serial: number };
  finish(
    ticket: { startedAt: number; inFlight: number; serial: number },
    finish: { now: number; result: Fate['result']; retryAfterMs?: number },
  ): void;
}

/** What the retry layer above a limit decides by, as in `src/transport`. */
export interface RetryRules<Policy> {
  policy: Policy;
  attemptsFor(kind: never, policy: Policy): number;
  backoffMs(kind: never, failed: number, policy: Policy, random: Random): number;
  budget(): { earn(): void; take(): boolean };
}

export interface SimulatedClient {
  controller: SimulatedController;
  /** Answers, each with its weight, and their number. */
  answered: number;
  answers: number;
  sent: number;
  refused: number;
  /** Rollouts that were given up. */
  burnt: number;
  /** When each request was sent, where asked for. */
  sentAt?: number[];
}

export interface Simulation<Policy> {
  provider: ModelledProvider;
  controllers: SimulatedController[];
  /** Episodes at a time in each client. */
  workers: number;
  durationMs: number;
  random: Random;
  retry: RetryRules<Policy>;
  /** Keep the times of sending. */
  trace?: boolean;
}

export declare function simulate<Policy>(simulation: Simulation<Policy>): SimulatedClient[];

/** A limit that never changes. */
export declare function fixed(limit: number): SimulatedController;
