import type { Verdict } from './contracts.js';
import type { FailureKind } from './failure.js';
import { CallFailure, FAILURE_KINDS } from './failure.js';
import type { Json, JsonObject } from './json.js';

/** Whether Python counts a JSON value as true. */
function isTrue(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/**
 * `mask_sample`: the environment says that the reward is no measurement of the model (a lost session, a judge that
 * was down). Such a rollout is over, and in no number but the count of masked ones.
 */
export function isMasked(verdict: Readonly<Record<string, unknown>>): boolean {
  return isTrue(verdict['mask_sample']);
}

/** Why a verdict is masked, in its own words: `failure_reason`, else `failure_kind`. */
export function maskReason(verdict: Readonly<Record<string, unknown>>): string {
  const told = [verdict['failure_reason'], verdict['failure_kind']];
  const words = told.find((word) => typeof word === 'string' && word !== '');
  return (words as string | undefined) ?? 'the environment says that the reward is no measurement';
}

/** One of our kinds when the word is one, else `fallback`: the reference has classes such as `agent_run_error`. */
export function failureKindOf(word: Json | undefined, fallback: FailureKind): FailureKind {
  return FAILURE_KINDS.find((kind) => kind === word) ?? fallback;
}

/**
 * The failure in a verdict with `_ng_failure_class`, the reference's way to say that there is no score (a judge that
 * could not be asked); the reward of 0 beside it is part of that form. Undefined for any other verdict.
 * @param where stands before the message, e.g. the address that answered.
 */
export function verdictFailure(
  body: JsonObject | Verdict,
  fallback: FailureKind,
  where: string,
): CallFailure | undefined {
  const name = body['_ng_failure_class'] as Json | undefined;
  if (name === undefined || name === null) return undefined;
  const told = [body['error'], body['_ng_failure_judge_error'], body['failure_reason']];
  const words = told.find((word) => word !== undefined && word !== null) ?? 'no reason given';
  const message = typeof words === 'string' ? words : JSON.stringify(words);
  return new CallFailure(failureKindOf(name, fallback), `${where}: ${message}`, {
    retryable: body['_ng_failure_terminal'] !== true,
  });
}
