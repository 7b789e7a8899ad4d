import { thrownText } from '../../errors/index.js';
import type { Cast } from '../../graph/index.js';
import type {
  Call,
  JsonObject,
  Model,
  Outcome,
  ResponsesReply,
  ResponsesRequest,
  TaskRow,
} from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import { ROW_PROBLEM } from '../dataset/expand.js';
import type { Flight } from './in-flight.js';

/** How long a cancelled episode may take to end by itself. Unit: milliseconds. */
const GRACE_MS = 1000;

/** An agent must not throw for a failure; if it does, the row says so and the run goes on. */
function crashed(error: unknown): Outcome {
  return { status: 'failed', kind: 'internal', message: thrownText(error), retryable: true };
}

/** A reward that is not a number would become a hole in the file: it is a failure of the verifier. */
function checked(outcome: Outcome): Outcome {
  if (outcome.status !== 'scored' || Number.isFinite(outcome.reward)) return outcome;
  const message = `the verifier returned the reward ${String(outcome.reward)}, which is not a finite number`;
  const partial = Object.fromEntries(Object.entries(outcome.result).filter(([key]) => key !== 'reward'));
  return { status: 'failed', kind: 'verify_failed', message, retryable: false, partial };
}

/** Resolves some time after the signal aborts; `stop` ends the wait for good. */
function afterAbort(signal: AbortSignal, graceMs: number): { passed: Promise<void>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let begin: (() => void) | undefined;
  const passed = new Promise<void>((resolve) => {
    begin = () => (timer = setTimeout(resolve, graceMs));
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
  const stop = (): void => {
    clearTimeout(timer);
    if (begin !== undefined) signal.removeEventListener('abort', begin);
  };
  return { passed, stop };
}

/** What becomes of an episode that was ended from outside: failed by the watchdog, or cancelled and owed. */
function ended(signal: AbortSignal, partial?: JsonObject): Outcome {
  const reason: unknown = signal.reason;
  if (reason instanceof CallFailure) {
    const { kind, message, retryable } = reason;
    return { status: 'failed', kind, message, retryable, ...(partial === undefined ? {} : { partial }) };
  }
  return { status: 'cancelled', reason: reason instanceof Error ? reason.message : 'cancelled' };
}

/** The model as an episode sees it: a run that is asked to stop asks it nothing more. */
function untilDrained(model: Model, flight: Flight, draining: () => string | null): Model {
  return Object.create(model, {
    respond: {
      value: (request: ResponsesRequest, call: Call): Promise<ResponsesReply> => {
        const reason = draining();
        if (reason === null) return model.respond(request, call);
        flight.cancel(reason);
        return Promise.reject(new Error(reason));
      },
    },
  }) as Model;
}

/**
 * Plays one episode to its outcome; never throws. An episode that does not end by itself after it was cancelled is
 * left behind: whatever it still does has no effect on the run.
 */
export async function playEpisode(
  row: TaskRow,
  cast: Cast,
  flight: Flight,
  draining: () => string | null = () => null,
): Promise<Outcome> {
  const problem = row[ROW_PROBLEM];
  if (typeof problem === 'string') {
    return { status: 'failed', kind: 'row_invalid', message: problem, retryable: false };
  }
  const { call } = flight;
  const { agent, environment } = cast;
  const model = untilDrained(cast.model, flight, draining);
  const grace = afterAbort(call.signal, GRACE_MS);
  try {
    const played = agent.run(row, { model, environment, call }).then(checked, crashed);
    const outcome = await Promise.race([played, grace.passed.then(() => ended(call.signal))]);
    // A reward that came in time counts; whatever else a cancelled agent says, it was cut short.
    if (!call.signal.aborted || outcome.status === 'scored' || outcome.status === 'masked') return outcome;
    return ended(call.signal, outcome.status === 'failed' ? outcome.partial : undefined);
  } catch (error) {
    return crashed(error);
  } finally {
    grace.stop();
  }
}
