import type { Attempt, Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { RetryPolicy } from './backoff.js';
import { attemptsFor, backoffMs } from './backoff.js';
import type { CallScope } from './call-scope.js';
import { openScope } from './call-scope.js';
import { NotSent, type Endpoint } from './health/endpoint.js';
import type { Endpoints } from './health/endpoints.js';
import { faultOf } from './health/faults.js';
import { maybeDelivered } from './network-failure.js';
import type { RetryBudget } from './retry-budget.js';

/** Where an attempt goes. */
export interface Target {
  /** Undefined: nobody watches over it. */
  readonly endpoint?: Endpoint | undefined;
  readonly budget?: RetryBudget | undefined;
}

/** A request as something that can be tried. */
export interface Repeatable<Goal extends Target, Result> {
  /** Asking again does no harm beyond its cost. */
  readonly replaySafe: boolean;
  /** Where the next attempt goes; asked before each, since endpoints come and go. */
  target(): Goal;
  /** Throws a CallFailure, or {@link NotSent}. */
  attempt(goal: Goal, call: Call): Promise<Result>;
  /** The failure of the request's own time limit. */
  timeUp(): CallFailure;
  /** Without secrets. */
  clean?(failure: CallFailure): CallFailure;
  succeeded?(goal: Goal, startedAt: number, result: Result): void;
  /** Gives the entry of the log, where one is kept. */
  failed?(goal: Goal, startedAt: number, failure: CallFailure): Attempt;
}

export interface RepeatOptions {
  policy: RetryPolicy;
  /** All attempts and waits of one request together, without the time in which nothing served it; 0 = no limit. */
  callMs: number;
  clock: Clock;
  random: () => number;
  /** Undefined: what is down is asked all the same. */
  endpoints?: Endpoints | undefined;
}

/**
 * The one place where requests are repeated. Repeats only what is safe, waits as the other end says or else with
 * growing jitter, within the call's deadline. While nothing serves the request it waits, and what failed in the
 * outage costs neither attempts nor allowance nor time.
 */
export async function repeat<Goal extends Target, Result>(
  work: Repeatable<Goal, Result>,
  call: Call,
  options: RepeatOptions,
): Promise<Result> {
  const { clock, endpoints } = options;
  const scope = openScope(call, clock, options.callMs, () => work.timeUp());
  const scoped: Call = {
    ...call,
    signal: scope.signal,
    get deadline() {
      return scope.endsAt;
    },
    onPhase: (phase, detail) => call.onPhase(phase, detail),
    pause: () => scope.pause(),
  };
  const tries = new Tries(work, scoped, options, scope);
  let passed = false;
  try {
    for (;;) {
      const goal = work.target();
      if (endpoints !== undefined && (goal.endpoint?.down === true || !(passed || endpoints.free))) {
        // Others serve, but this request cannot be asked there.
        if (goal.endpoint?.down === true && endpoints.outage() === null)
          throw tries.last ?? endpoints.closed();
        passed = (await endpoints.pass(scoped, scope.signal)) === 'open';
        if (passed) continue;
        goal.endpoint?.admit(scoped);
      }
      passed = false;
      const startedAt = clock.now();
      try {
        tries.begin(goal);
        const result = await work.attempt(goal, scoped);
        work.succeeded?.(goal, startedAt, result);
        return result;
      } catch (error) {
        if (error instanceof NotSent) continue;
        if (!(error instanceof CallFailure)) throw error;
        await tries.failed(goal, error, startedAt);
      } finally {
        goal.endpoint?.withdraw(scoped);
      }
    }
  } finally {
    scope.end();
  }
}

interface Failed {
  at: number;
  goal: Target;
  /** It took one of the allowance. */
  paid: boolean;
}

/** The failures of one request. */
class Tries<Goal extends Target> {
  /** Without those that an outage is to blame for. */
  #failures: Failed[] = [];
  #begun = false;
  last: CallFailure | undefined;

  constructor(
    readonly work: Repeatable<Goal, unknown>,
    readonly call: Call,
    readonly options: RepeatOptions,
    readonly scope: CallScope,
  ) {}

  begin({ budget }: Goal): void {
    if (!this.#begun) budget?.earn();
    this.#begun = true;
  }

  /** Resolves when it may be tried again, after the wait; throws the failure when there is no further attempt. */
  async failed(goal: Goal, raw: CallFailure, startedAt: number): Promise<void> {
    const { work, scope, options } = this;
    const failure = work.clean?.(raw) ?? raw;
    const { endpoint, budget } = goal;
    const fault = faultOf(failure);
    const entry = work.failed?.(goal, startedAt, failure);
    this.last = failure;
    const record: Failed = { at: options.clock.now(), goal, paid: false };
    this.#failures.push(record);
    if (scope.signal.aborted) throw failure;
    if (!work.replaySafe && maybeDelivered(failure)) throw ambiguous(failure);
    const next = this.#next(failure);
    if (endpoint === undefined || fault === null) {
      if (typeof next !== 'number') throw next;
      this.#pay(record, failure, budget);
      await this.#wait(next, entry);
      return;
    }
    if (typeof next === 'number') await this.#wait(next, entry);
    // One more try is a test by itself; what cannot be taken back waits until it is clear who is to blame.
    if (typeof next !== 'number' || this.#failures.length > 1) await endpoint.decided(scope.signal);
    this.#forgive();
    if (!this.#failures.includes(record)) return;
    if (typeof next !== 'number') throw next;
    if (this.#tryToPay(record, failure, budget)) return;
    await endpoint.decided(scope.signal);
    this.#forgive();
    if (this.#failures.includes(record)) throw budgetSpent(failure);
  }

  /** The wait before the next attempt, or the failure that is the answer. */
  #next(failure: CallFailure): number | CallFailure {
    const { policy, clock, random } = this.options;
    const told = failure.details.retryAfterMs;
    const failures = this.#failures.length;
    const allowed = attemptsFor(failure.kind, policy);
    const limit = told === undefined || allowed === 1 ? allowed : Math.max(allowed, policy.maxToldAttempts);
    if (failures >= limit) return failure;
    if (told !== undefined && told > policy.maxToldWaitMs) {
      return withNote(failure, `The provider asks to wait ${Math.ceil(told / 1000)} s, longer than we do.`);
    }
    // A told wait is a lower bound; a little jitter keeps those who were told the same from coming back at once.
    const own = backoffMs(failure.kind, failures, policy, random);
    const waitMs = Math.round(told === undefined ? own : told + Math.min(own, 250 + told * 0.1));
    const { endsAt } = this.scope;
    if (endsAt !== null && clock.now() + waitMs >= endsAt) {
      return withNote(failure, 'No time is left to ask again.');
    }
    return waitMs;
  }

  async #wait(waitMs: number, entry: Attempt | undefined): Promise<void> {
    const { clock } = this.options;
    if (entry !== undefined) entry.wait_ms = waitMs;
    this.call.onPhase('backing_off', new Date(clock.now() + waitMs).toISOString());
    await clock.sleep(waitMs, this.scope.signal);
  }

  #pay(record: Failed, failure: CallFailure, budget: RetryBudget | undefined): void {
    if (!this.#tryToPay(record, failure, budget)) throw budgetSpent(failure);
  }

  /** A wait that the provider told spreads the load by itself and costs no allowance. */
  #tryToPay(record: Failed, { details }: CallFailure, budget: RetryBudget | undefined): boolean {
    if (budget === undefined || details.retryAfterMs !== undefined) return true;
    record.paid = budget.take();
    return record.paid;
  }

  #forgive(): void {
    this.#failures = this.#failures.filter(({ at, goal, paid }) => {
      if (goal.endpoint?.inOutage(at) !== true) return true;
      if (paid) goal.budget?.giveBack(1);
      return false;
    });
  }
}

function rebuilt(failure: CallFailure, kind: CallFailure['kind'], message: string): CallFailure {
  return new CallFailure(kind, message, { ...failure.details, cause: failure.cause });
}

function withNote(failure: CallFailure, note: string): CallFailure {
  return rebuilt(failure, failure.kind, `${failure.message} ${note}`);
}

function ambiguous(failure: CallFailure): CallFailure {
  const text = `${failure.message} It may have been carried out, so it was not sent again.`;
  return rebuilt(failure, failure.details.status === undefined ? 'ambiguous_delivery' : failure.kind, text);
}

function budgetSpent(failure: CallFailure): CallFailure {
  return rebuilt(
    failure,
    'retry_budget_spent',
    `${failure.message} The retry budget of this endpoint is spent.`,
  );
}
