import type { Attempt, Call, Clock } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { RetryPolicy } from './backoff.js';
import type { Endpoints } from './health/endpoints.js';
import type { Redactor } from './redactor.js';
import type { Target } from './repeat.js';
import { repeat } from './repeat.js';
import { partsOf, type Exchange, type Step, type WireReply, type WireRequest } from './wire.js';

export interface RetryOptions {
  policy: RetryPolicy;
  /** All attempts and waits of one request together; 0 = no limit. */
  callMs: number;
  clock: Clock;
  random: () => number;
  redactor: Redactor;
  endpoints?: Endpoints | undefined;
  /** What is known of the endpoint of a request. */
  targetOf(request: WireRequest<unknown>): Target;
  /** Told of each failed attempt, before any wait. */
  onFailure?: (failure: CallFailure, attempt: Attempt) => void;
}

interface Goal extends Target {
  request: WireRequest<unknown>;
}

/** Repeats requests to providers ({@link repeat}) and writes every attempt into `call.attempts`. */
export function withRetry(options: RetryOptions): Step {
  const { clock, redactor, onFailure } = options;
  const once = asksOnce(options);
  return (next: Exchange): Exchange =>
    <T>(request: WireRequest<T>, call: Call) => {
      const log = attemptLog(options, call);
      if (once && request.replaySafe && request.reroute === undefined && call.deadline === null)
        return askOnce(next, request, call, { options, log });
      return repeat<Goal, WireReply<T>>(
        {
          replaySafe: request.replaySafe,
          target() {
            const placed = request.reroute === undefined ? request : { ...request, ...request.reroute() };
            return { ...options.targetOf(placed), request: placed };
          },
          attempt: (goal, scoped) => next(goal.request as WireRequest<T>, scoped),
          timeUp() {
            const text = `no whole answer within ${options.callMs / 1000} s (request_timeout_seconds)`;
            return new CallFailure('timeout_call', `${new URL(request.url).origin}: ${text}`, {
              retryable: true,
            });
          },
          clean: (failure) => clean(failure, redactor),
          succeeded(goal, startedAt, { status }) {
            log(goal.request, 'ok', startedAt, { status });
          },
          failed(goal, startedAt, failure) {
            const { status } = failure.details;
            const attempt = log(
              goal.request,
              failure.kind,
              startedAt,
              { ...(status !== undefined && { status }), message: failure.message },
              failure.details.sent,
            );
            if (call.quiet !== true) onFailure?.(failure, attempt);
            return attempt;
          },
        },
        call,
        { ...options, clock },
      );
    };
}

/** With one attempt, and no limit over several, there is nothing to repeat: the attempt is the request. */
function asksOnce({ policy, callMs, endpoints }: RetryOptions): boolean {
  const { maxAttempts, maxToldAttempts, maxSilentAttempts } = policy;
  const attempts = Math.max(maxAttempts, maxToldAttempts, maxSilentAttempts);
  return attempts === 1 && callMs === 0 && endpoints === undefined;
}

async function askOnce<T>(
  next: Exchange,
  request: WireRequest<T>,
  call: Call,
  { options, log }: { options: RetryOptions; log: ReturnType<typeof attemptLog> },
): Promise<WireReply<T>> {
  const { clock, redactor, onFailure } = options;
  const startedAt = clock.now();
  try {
    const reply = await next(request, call);
    log(request, 'ok', startedAt, { status: reply.status });
    return reply;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const failure = clean(error, redactor);
    const { status, sent } = failure.details;
    const more = { ...(status !== undefined && { status }), message: failure.message };
    const attempt = log(request, failure.kind, startedAt, more, sent);
    if (call.quiet !== true) onFailure?.(failure, attempt);
    throw failure;
  }
}

function attemptLog({ clock, redactor }: RetryOptions, call: Call) {
  return (
    request: WireRequest<unknown>,
    result: Attempt['result'],
    startedAt: number,
    more: Partial<Attempt>,
    // False: nothing went out, and there is no attempt to list.
    sent = true,
  ): Attempt => {
    const { origin, pathname } = partsOf(request.url);
    const attempt: Attempt = {
      model: request.model,
      url: redactor.text(origin + pathname),
      started_at: startedAt,
      duration_ms: clock.now() - startedAt,
      result,
      ...more,
    };
    if (sent) call.attempts.push(attempt);
    return attempt;
  };
}

function clean(failure: CallFailure, redactor: Redactor): CallFailure {
  const { providerMessage } = failure.details;
  return new CallFailure(failure.kind, redactor.text(failure.message), {
    ...failure.details,
    ...(providerMessage !== undefined && { providerMessage: redactor.text(providerMessage) }),
    cause: failure.cause,
  });
}
