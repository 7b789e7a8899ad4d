import type { JsonObject, Outcome, StopReason } from '../../protocol/index.js';
import { isObject, STOP_REASONS } from '../../protocol/index.js';

/** What an ending without an answer counts as: the verifier's reward, 0, a failure, or nothing at all. */
export const TREATMENTS = ['score', 'zero', 'failed', 'masked'] as const;
export type Treatment = (typeof TREATMENTS)[number];

/** How endings are counted; those that are left out are scored like any other. */
export type Unanswered = Readonly<Partial<Record<StopReason, Treatment>>>;

const ANSWERS: readonly StopReason[] = ['answered', 'single_turn', 'terminated'];

/** The endings that a run can be told to count otherwise. */
export const UNANSWERED = STOP_REASONS.filter((reason) => !ANSWERS.includes(reason));

/** The note that a row keeps of it: what it is counted as, and what the verifier's reward was. */
const NOTE = '_ng_unanswered';

/** What a stored row was counted as, so that it can be done again when its response is verified anew. */
export function treatmentIn(row: object): Treatment {
  const note = (row as JsonObject)[NOTE];
  return TREATMENTS.find((treatment) => isObject(note) && note['counted_as'] === treatment) ?? 'score';
}

/** A scored outcome, counted as `treatment` says. */
export function treatAs(outcome: Extract<Outcome, { status: 'scored' }>, treatment: Treatment): Outcome {
  if (treatment === 'score') return outcome;
  const { result, reward, stopReason, turns } = outcome;
  const why = `the model gave no answer (${stopReason})`;
  if (treatment === 'failed') {
    const { responses_create_params: request, response } = result;
    const partial = { responses_create_params: request, response } as JsonObject;
    const message = `${why}, which counts as a failure here (unanswered.${stopReason}=failed)`;
    return { status: 'failed', kind: 'unanswered', message, retryable: true, partial };
  }
  const noted = { ...result, [NOTE]: { counted_as: treatment, reward } };
  if (treatment === 'zero') return { ...outcome, reward: 0, result: { ...noted, reward: 0 } };
  const told = { failure_kind: `ngym:${stopReason}`, failure_reason: why };
  return { status: 'masked', reason: why, result: { ...noted, ...told }, stopReason, turns };
}

/** What a run makes of an outcome. An environment that has masked it already is believed. */
export function treatUnanswered(outcome: Outcome, unanswered: Unanswered): Outcome {
  if (outcome.status !== 'scored') return outcome;
  return treatAs(outcome, unanswered[outcome.stopReason] ?? 'score');
}
