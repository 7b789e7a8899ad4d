import { attemptsFor, backoffMs, DEFAULT_RETRY } from '../../../src/transport/backoff.js';
import { createRetryBudget } from '../../../src/transport/retry-budget.js';
import type {
  ModelledProvider,
  RetryRules,
  Scenario,
  SimulatedClient,
  SimulatedController,
} from '../../support/limiter/limiter.d.mts';
import { seeded } from '../../support/limiter/providers.mjs';
import { fixed, simulate } from '../../support/limiter/simulate.mjs';

/** The retry layer of a run: its policy, and its allowance of second attempts. */
export const RETRY: RetryRules<typeof DEFAULT_RETRY> = {
  policy: DEFAULT_RETRY,
  attemptsFor,
  backoffMs,
  budget: () => createRetryBudget(),
};

/** No request is asked again: what is refused is given to the caller, who asks something else at once. */
export const NO_RETRY: typeof RETRY = {
  ...RETRY,
  policy: { ...DEFAULT_RETRY, maxAttempts: 1, maxToldAttempts: 1 },
};

export interface Totals {
  answered: number;
  sent: number;
  refused: number;
  burnt: number;
}

export const WANTED = 1_000;

/** Plays a scenario with one controller per run, and adds up what came of it. */
export function play(scenario: Scenario, seed: number, make: () => SimulatedController): Totals {
  const random = seeded(seed);
  const clients = simulate({
    provider: scenario.make(random),
    controllers: Array.from({ length: scenario.clients ?? 1 }, make),
    workers: scenario.wanted ?? WANTED,
    durationMs: scenario.durationMs,
    random,
    retry: RETRY,
  });
  const sum = (key: keyof Totals): number => clients.reduce((total, client) => total + client[key], 0);
  return { answered: sum('answered'), sent: sum('sent'), refused: sum('refused'), burnt: sum('burnt') };
}

/** The most answers without a limit and with any fixed one. */
export function bestOf(scenario: Scenario, seed: number): Totals {
  const limits = [...(scenario.fixed ?? []), ...(scenario.storm === true ? [] : [scenario.wanted ?? WANTED])];
  return limits
    .map((limit) => play(scenario, seed, () => fixed(limit)))
    .reduce((best, other) => (other.answered > best.answered ? other : best));
}

/** One client with so many episodes at a time, against a provider of the test's own. */
export function playOne(
  provider: ModelledProvider,
  controller: SimulatedController,
  { workers, durationMs, retry = RETRY }: { workers: number; durationMs: number; retry?: typeof RETRY },
): SimulatedClient {
  return simulate({
    provider,
    controllers: [controller],
    workers,
    durationMs,
    random: seeded(1),
    retry,
    trace: true,
  })[0]!;
}
