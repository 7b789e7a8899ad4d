import { storedRollouts } from '../html/rollouts.js';
import { shownRow } from '../html/shown-row.js';

/**
 * The rollouts that are stored, scored and failed, as the JSON of a table with one column `Rollout` that holds each
 * as JSON text: what MLflow shows as a table. Without token ids, captures and trajectories. One rollout in memory.
 */
export async function* rolloutTable(rollouts: string): AsyncGenerator<Uint8Array, void, void> {
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  yield bytes('{"columns":["Rollout"],"data":[');
  let first = true;
  for await (const { row, status } of storedRollouts(rollouts, () => undefined)) {
    if (status === 'owed') continue;
    yield bytes(`${first ? '' : ','}[${JSON.stringify(JSON.stringify(shownRow(row)))}]`);
    first = false;
  }
  yield bytes(']}');
}
