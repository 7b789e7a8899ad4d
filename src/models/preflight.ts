import { errors } from '../errors/index.js';
import type { Attempt, Call, Clock, FailureKind, Model } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';

/** Faults that no waiting mends: the run does not begin. */
const FATAL: ReadonlySet<FailureKind> = new Set([
  'connect_refused',
  'dns',
  'tls',
  'timeout_connect',
  'auth',
  'permission',
  'not_found',
  'quota_exhausted',
]);

/** A model may think; longer than this is not waited for. */
const LIMIT_MS = 60_000;

/**
 * Asks a model one tiny thing before a run. Throws NgError when address, key or model name cannot work, with the
 * provider's words, at the first attempt that shows it. Returns a warning for trouble that may pass, else null.
 */
export async function preflight(model: Model, clock: Clock): Promise<string | null> {
  if (model.offline === true) return null;
  const controller = new AbortController();
  const attempts: Attempt[] = [];
  const cancel = clock.after(LIMIT_MS, () => {
    controller.abort(
      new CallFailure('timeout_call', `no answer within ${LIMIT_MS / 1000} s`, { retryable: true }),
    );
  });
  const call: Call = {
    signal: controller.signal,
    deadline: null,
    episodeId: 'preflight',
    rolloutIndex: 0,
    attempts,
    onPhase(phase) {
      const last = attempts.at(-1);
      if (phase !== 'backing_off' || last === undefined || last.result === 'ok' || !FATAL.has(last.result))
        return;
      controller.abort(new CallFailure(last.result, last.message ?? last.result));
    },
  };
  try {
    await model.respond({ input: [{ role: 'user', content: 'Reply with the word OK.' }] }, call);
    return null;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    if (FATAL.has(error.kind)) throw errors.preflightFailed(model.name, model.modelId, error.message);
    return `${model.name}: the first request did not work (${error.kind}: ${error.message}); going on`;
  } finally {
    cancel();
  }
}
