import { errors } from '../errors/index.js';
import type { Attempt, Call, Clock, FailureKind, Model } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import { TINY_REQUEST } from './tiny-request.js';

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

/** What came of asking one endpoint. `fatal`: waiting will not mend it. */
interface Finding {
  fatal: boolean;
  kind: FailureKind;
  message: string;
}

/**
 * Asks a model one tiny thing before a run, each of its endpoints and fallbacks by itself. Throws NgError when
 * address, key or model name cannot work with any of them, with the provider's words, at the first attempt that
 * shows it. Returns a warning for each endpoint that is dead while others live, and for trouble that may pass.
 */
export async function preflight(model: Model, clock: Clock): Promise<readonly string[]> {
  if (model.offline === true) return [];
  const parts = model.parts ?? [model];
  const found = await Promise.all(parts.map((part) => ask(part, clock)));
  const wrong = found.filter((finding) => finding !== null);
  if (wrong.length === parts.length && wrong.every(({ fatal }) => fatal)) {
    const messages = [...new Set(wrong.map(({ message }) => message))];
    throw errors.preflightFailed(model.name, model.modelId, messages.join('\n'));
  }
  const others = parts.length > 1 ? ' with the others' : '';
  return wrong.map(
    ({ kind, message }) =>
      `${model.name}: the first request did not work (${kind}: ${message}); going on${others}`,
  );
}

async function ask(model: Model, clock: Clock): Promise<Finding | null> {
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
    quiet: true,
    onPhase(phase) {
      const last = attempts.at(-1);
      if (last === undefined || last.result === 'ok') return;
      const hopeless = phase === 'backing_off' && FATAL.has(last.result);
      if (hopeless || phase === 'waiting')
        controller.abort(new CallFailure(last.result, last.message ?? last.result));
    },
  };
  try {
    await model.respond(TINY_REQUEST, call);
    return null;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const { kind, message } = error;
    return { fatal: FATAL.has(kind), kind, message };
  } finally {
    cancel();
  }
}
