import { storedRollouts } from '../html/rollouts.js';
import { shownRow } from '../html/shown-row.js';

/**
 * The rollouts that are stored, scored and failed, each as JSON text without token ids, captures and trajectories.
 * One rollout in memory.
 */
export async function* rolloutTexts(rollouts: string): AsyncGenerator<string, void, void> {
  for await (const { row, status } of storedRollouts(rollouts, () => undefined)) {
    if (status !== 'owed') yield JSON.stringify(shownRow(row));
  }
}

/** The same as the JSON of a table with one column `Rollout`: what MLflow shows as a table. */
export async function* rolloutTable(rollouts: string): AsyncGenerator<Uint8Array, void, void> {
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  yield bytes('{"columns":["Rollout"],"data":[');
  let first = true;
  for await (const text of rolloutTexts(rollouts)) {
    yield bytes(`${first ? '' : ','}[${JSON.stringify(text)}]`);
    first = false;
  }
  yield bytes(']}');
}
