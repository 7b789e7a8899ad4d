import type { Redactor } from '../transport/index.js';
import { keptNotice } from '../transport/index.js';

type Notice = (message: string, level?: 'info' | 'warn') => void;

/** Says which secrets stay in the rollouts. */
export function tellKept(redactor: Redactor, notice: Notice): void {
  const kept = keptNotice(redactor.everyday());
  if (kept !== null) notice(kept.message, kept.level);
}

/** Looks at each row of the dataset for secrets: what the dataset holds anyway is not cut out of the rollouts. */
export function datasetWatch(redactor: Redactor, notice: Notice): (row: string) => void {
  return (row) => {
    const keys = redactor.exempt(row).map((key) => (key === '' ? 'a secret' : key));
    if (keys.length === 0) return;
    notice(
      `the dataset holds the value of ${keys.join(', ')}: it is not removed from what is stored of rollouts; ` +
        'if it is a real key, take it out of the dataset',
      'warn',
    );
  };
}
