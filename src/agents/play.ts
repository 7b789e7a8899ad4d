import { thrownText } from '../errors/index.js';
import { expandRequest } from '../translate/index.js';
import { CallFailure, isMasked, maskReason } from '../protocol/index.js';
import type {
  Call,
  Clock,
  Environment,
  Episode,
  FailureKind,
  JsonObject,
  Outcome,
  ResponsesReply,
  StopReason,
  TaskRow,
} from '../protocol/index.js';
import { DEFAULT_EPISODE_SECONDS, openScope } from './episode-scope.js';
import type { EpisodeScope } from './episode-scope.js';

/** How long `close` may take before we go on without it. */
const CLOSE_MS = 30_000;

/** What an agent loop has to show so far; filled in as it goes, so that a failure keeps it. */
export interface Progress {
  response?: ResponsesReply;
  turns: number;
  /** Names the step that runs now, for failures that carry no kind of their own. */
  step: FailureKind;
}

/** What is known when the turns and the verifier are through. */
export interface Finished {
  reward: number;
  stopReason: StopReason;
  /** Keys of the rollout row after `responses_create_params` and `response`. */
  fields: JsonObject;
  /** Replaces the row's own create-params in the result (an observation was added to the input). */
  request?: JsonObject;
}

/** One episode as the body of an agent sees it. */
export interface Playing extends Episode {
  readonly row: TaskRow;
  readonly session: unknown;
  readonly progress: Progress;
}

/**
 * The frame around every agent loop: opens, runs `body` within the wall-clock limit, closes whatever happens,
 * and turns every way to end into an {@link Outcome}.
 */
export async function play(
  row: TaskRow,
  { model, environment, call }: Episode,
  settings: { clock: Clock; episodeSeconds?: number | null },
  body: (playing: Playing) => Promise<Finished>,
): Promise<Outcome> {
  const progress: Progress = { turns: 0, step: 'open_failed' };
  const scope = openScope(call, settings.clock, settings.episodeSeconds ?? DEFAULT_EPISODE_SECONDS);
  let opened: { session: unknown } | undefined;
  let over = false;
  const steps = async (): Promise<Finished> => {
    scope.call.signal.throwIfAborted();
    requireInput(row);
    scope.call.onPhase('opening');
    const session = await environment.open(row, scope.call);
    opened = { session };
    // The episode ended while the environment was still opening: nobody else will close it.
    if (over) await closeQuietly(environment, session, call, settings.clock);
    scope.call.signal.throwIfAborted();
    progress.step = 'internal';
    return body({ model, environment, call: scope.call, row, session, progress });
  };
  try {
    const finished = await Promise.race([steps(), scope.ended]);
    return outcomeOf(row, progress, finished);
  } catch (error) {
    return unscored(error, row, progress, call, scope);
  } finally {
    over = true;
    scope.release();
    if (opened !== undefined) await closeQuietly(environment, opened.session, call, settings.clock);
  }
}

function requireInput(row: TaskRow): void {
  const input: unknown = (row.responses_create_params as { input?: unknown } | undefined)?.input;
  if (typeof input === 'string' || Array.isArray(input)) return;
  throw new CallFailure(
    'row_invalid',
    'The row has no responses_create_params.input (text or a list of items).',
  );
}

/** Scored, or masked where the environment says that the reward is no measurement. */
function outcomeOf(row: TaskRow, progress: Progress, finished: Finished): Outcome {
  const { reward, stopReason, fields, request } = finished;
  const result = {
    responses_create_params: request ?? expandRequest(row.responses_create_params),
    response: progress.response,
    ...fields,
  } as unknown as JsonObject;
  const ending = { result, stopReason, turns: progress.turns };
  if (isMasked(fields)) return { status: 'masked', reason: maskReason(fields), ...ending };
  return { status: 'scored', reward, ...ending };
}

function unscored(
  error: unknown,
  row: TaskRow,
  progress: Progress,
  outer: Call,
  scope: EpisodeScope,
): Outcome {
  if (outer.signal.aborted) return { status: 'cancelled', reason: reasonOf(outer.signal.reason) };
  // Whatever an interrupted call threw, the wall clock is why.
  const cause: unknown = scope.call.signal.aborted ? scope.call.signal.reason : error;
  const typed = cause instanceof CallFailure;
  const partial: JsonObject = {};
  if (isRequest(row)) partial['responses_create_params'] = expandRequest(row.responses_create_params);
  if (progress.response !== undefined) partial['response'] = progress.response as unknown as JsonObject;
  return {
    status: 'failed',
    kind: typed ? cause.kind : progress.step,
    message: messageOf(cause),
    retryable: typed && cause.retryable,
    partial,
  };
}

function isRequest(row: TaskRow): boolean {
  return typeof row.responses_create_params === 'object' && row.responses_create_params !== null;
}

/** Why it was cancelled; where in the program the reason was made says nothing. */
function reasonOf(reason: unknown): string {
  if (reason instanceof CallFailure || !(reason instanceof Error)) return messageOf(reason);
  return `${reason.name}: ${reason.message}`;
}

function messageOf(error: unknown): string {
  return error instanceof CallFailure ? error.message : thrownText(error);
}

/** A session that cannot be closed must not change the result, nor hold up the run. */
async function closeQuietly(
  environment: Environment,
  session: unknown,
  call: Call,
  clock: Clock,
): Promise<void> {
  let cancelTimer: (() => void) | undefined;
  call.onPhase('closing');
  try {
    const closed = environment.close(session);
    const late = new Promise<never>((_, reject) => {
      cancelTimer = clock.after(CLOSE_MS, () => reject(new Error(`not done after ${CLOSE_MS / 1000} s`)));
    });
    await Promise.race([closed, late]);
  } catch (error) {
    call.onPhase('closing', `close failed: ${messageOf(error)}`);
  } finally {
    cancelTimer?.();
  }
}
