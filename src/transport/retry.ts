import type { Attempt, Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { RetryPolicy } from './backoff.js';
import { attemptsFor, backoffMs } from './backoff.js';
import type { CallScope } from './call-scope.js';
import { openScope } from './call-scope.js';
import { maybeDelivered } from './network-failure.js';
import type { Redactor } from './redactor.js';
import type { Step, WireRequest } from './wire.js';

/** A run-wide allowance of second attempts. */
export interface RetryBudget {
  /** Takes one from the allowance; false when it is spent. */
  take(): boolean;
  /** Told of each request, of which the allowance is a share. */
  earn(): void;
}

export interface RetryOptions {
  policy: RetryPolicy;
  /** All attempts and waits of one request together; 0 = no limit. */
  callMs: number;
  clock: Clock;
  random: () => number;
  redactor: Redactor;
  budget?: RetryBudget;
  /** Told of each failed attempt, before any wait. */
  onFailure?(failure: CallFailure, attempt: Attempt): void;
}

/**
 * The one place where requests are repeated. Repeats only what is safe, waits as the provider says or else with
 * growing jitter, within the call's deadline, and writes every attempt into `call.attempts`.
 */
export function withRetry(options: RetryOptions): Step {
  return (next) => async (request, call) => {
    options.budget?.earn();
    const scope = openScope(call, options.clock, options.callMs, request.url);
    const scoped: Call = {
      ...call,
      signal: scope.signal,
      deadline: scope.endsAt,
      onPhase: call.onPhase.bind(call),
    };
    const tries = new Tries(options, request, call);
    try {
      for (;;) {
        const startedAt = options.clock.now();
        try {
          const reply = await next(request, scoped);
          tries.log('ok', startedAt, { status: reply.status });
          return reply;
        } catch (error) {
          if (!(error instanceof CallFailure)) throw error;
          const waitMs = tries.failed(error, startedAt, scope);
          await pause(waitMs, call, options.clock, scope);
        }
      }
    } finally {
      scope.end();
    }
  };
}

async function pause(waitMs: number, call: Call, clock: Clock, scope: CallScope): Promise<void> {
  call.onPhase('backing_off', new Date(clock.now() + waitMs).toISOString());
  await clock.sleep(waitMs, scope.signal);
}

/** The attempts of one request. */
class Tries {
  #failures = 0;

  constructor(
    readonly options: RetryOptions,
    readonly request: WireRequest<unknown>,
    readonly call: Call,
  ) {}

  log(result: Attempt['result'], startedAt: number, more: Partial<Attempt>): Attempt {
    const { clock, redactor } = this.options;
    const { origin, pathname } = new URL(this.request.url);
    const attempt: Attempt = {
      model: this.request.model,
      url: redactor.text(origin + pathname),
      started_at: startedAt,
      duration_ms: clock.now() - startedAt,
      result,
      ...more,
    };
    this.call.attempts.push(attempt);
    return attempt;
  }

  /** Logs the failure; returns the wait before the next attempt, or throws when there is none. */
  failed(raw: CallFailure, startedAt: number, scope: CallScope): number {
    const failure = clean(raw, this.options.redactor);
    this.#failures += 1;
    const { status } = failure.details;
    const attempt = this.log(failure.kind, startedAt, {
      ...(status !== undefined && { status }),
      message: failure.message,
    });
    this.options.onFailure?.(failure, attempt);
    const waitMs = this.#nextWait(failure, scope);
    attempt.wait_ms = waitMs;
    return waitMs;
  }

  #nextWait(failure: CallFailure, scope: CallScope): number {
    const { policy, clock, random, budget } = this.options;
    const told = failure.details.retryAfterMs;
    const allowed = attemptsFor(failure.kind, policy);
    const limit = told === undefined || allowed === 1 ? allowed : Math.max(allowed, policy.maxToldAttempts);
    if (scope.signal.aborted || this.#failures >= limit) throw failure;
    if (!this.request.replaySafe && maybeDelivered(failure)) throw ambiguous(failure);
    if (told !== undefined && told > policy.maxToldWaitMs) {
      throw withNote(failure, `The provider asks to wait ${Math.ceil(told / 1000)} s, longer than we do.`);
    }
    // A told wait is a lower bound; a little jitter keeps those who were told the same from coming back at once.
    const own = backoffMs(failure.kind, this.#failures, policy, random);
    const waitMs = Math.round(told === undefined ? own : told + Math.min(own, 250 + told * 0.1));
    if (scope.endsAt !== null && clock.now() + waitMs >= scope.endsAt) {
      throw withNote(failure, 'No time is left to ask again.');
    }
    // A wait that the provider told spreads the load by itself and costs no allowance.
    if (told === undefined && budget?.take() === false) throw budgetSpent(failure);
    return waitMs;
  }
}

function rebuilt(failure: CallFailure, kind: CallFailure['kind'], message: string): CallFailure {
  return new CallFailure(kind, message, { ...failure.details, cause: failure.cause });
}

function withNote(failure: CallFailure, note: string): CallFailure {
  return rebuilt(failure, failure.kind, `${failure.message} ${note}`);
}

function clean(failure: CallFailure, redactor: Redactor): CallFailure {
  const { providerMessage } = failure.details;
  const cleaned = new CallFailure(failure.kind, redactor.text(failure.message), {
    ...failure.details,
    ...(providerMessage !== undefined && { providerMessage: redactor.text(providerMessage) }),
    cause: failure.cause,
  });
  return cleaned;
}

function ambiguous(failure: CallFailure): CallFailure {
  const text = `${failure.message} It may have been carried out, so it was not sent again.`;
  return rebuilt(failure, failure.details.status === undefined ? 'ambiguous_delivery' : failure.kind, text);
}

function budgetSpent(failure: CallFailure): CallFailure {
  return rebuilt(failure, 'retry_budget_spent', `${failure.message} The run's retry budget is spent.`);
}
