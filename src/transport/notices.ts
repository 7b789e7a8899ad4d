import type { Attempt, CallFailure } from '../protocol/index.js';

/** Something a user should hear of now, not at the end. */
export interface Notice {
  level: 'info' | 'warn';
  message: string;
}

export type Notify = (notice: Notice) => void;

/** Which secrets are not looked for in what models and users write: their keys, never their values; null for none. */
export function keptNotice(keys: readonly string[]): Notice | null {
  if (keys.length === 0) return null;
  const message = `${keys.join(', ')}: short or an everyday word, so it is not removed from what models and users write`;
  return { level: 'info', message };
}

/** Tells of the first failure of each kind at each endpoint; the rest is in the attempt logs. */
export function firstFailures(notify: Notify): (failure: CallFailure, attempt: Attempt) => void {
  const told = new Set<string>();
  return (failure, attempt) => {
    const key = `${attempt.model} ${failure.kind} ${new URL(attempt.url).origin}`;
    if (told.has(key)) return;
    told.add(key);
    notify({ level: 'warn', message: `${attempt.model}: ${failure.kind}: ${failure.message}` });
  };
}
