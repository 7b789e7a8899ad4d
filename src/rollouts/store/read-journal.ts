import { errors } from '../../errors/index.js';
import type { FailureKind } from '../../protocol/index.js';
import { FAILURE_KINDS } from '../../protocol/index.js';
import type { ScannedRow } from '../../metrics/index.js';
import { scanRow, storedReward } from '../../metrics/index.js';
import type { Line } from '../dataset/lines.js';
import { readLines } from '../dataset/lines.js';
import type { RunFiles } from '../types.js';
import { Ledger } from './ledger.js';

/** The state of masked rows; also the class under which early versions kept them among the failures. */
export const MASKED = 'masked';

/** A class that another program wrote counts as a failure of its agent. */
function kindOf(name: unknown): FailureKind {
  return FAILURE_KINDS.find((kind) => kind === name) ?? 'agent_failed';
}

const READ_FIELDS = new Set(['_ng_failure_class', '_ng_failure_terminal', '_ng_run']);

function scan(file: string, line: Line): ScannedRow {
  try {
    return scanRow(line.text, READ_FIELDS);
  } catch (error) {
    throw errors.damagedRun(file, line.number, (error as Error).message);
  }
}

/** Rows of a file; blank lines are skipped, and so is a torn last line if that is allowed. */
async function* rowsOf(
  file: string,
  torn: Torn,
): AsyncGenerator<{ row: ScannedRow; line: Line }, void, void> {
  for await (const line of readLines(file)) {
    if (line.text.trim() === '' || (torn === 'skip' && !line.terminated)) continue;
    yield { row: scan(file, line), line };
  }
}

/** What to do about a last line without a newline: a run repairs its files first, a mere reader leaves it. */
type Torn = 'refuse' | 'skip';

/**
 * Reads what a run has stored, both files, and hands every result line to `onResult`. Memory: two bytes and a key
 * per stored rollout. Throws `ROLLOUTS_DAMAGED_RUN` for a line that is not a row, or a result that is there twice or
 * has no reward. A masked result has the reward null.
 */
export async function readJournal(
  files: Pick<RunFiles, 'rollouts' | 'failures'>,
  onResult: (line: string, row: ScannedRow, reward: number | null) => void,
  { torn = 'refuse' }: { torn?: Torn } = {},
): Promise<Ledger> {
  const ledger = new Ledger();
  for await (const { row, line } of rowsOf(files.rollouts, torn)) {
    const { task, rollout, masked } = row;
    if (!ledger.addResult(task, rollout, masked ? MASKED : 'scored')) {
      const reason = `the result of task ${task}, rollout ${rollout} is there twice`;
      throw errors.damagedRun(files.rollouts, line.number, reason);
    }
    const reward = storedReward(row);
    if (reward.fault !== null) throw errors.resultWithoutReward(files.rollouts, line.number, reward.fault);
    onResult(line.text, row, reward.value);
  }
  for await (const { row } of rowsOf(files.failures, torn)) {
    const { task, rollout, captured } = row;
    const name: unknown = JSON.parse(captured.get('_ng_failure_class') ?? 'null');
    const final = captured.get('_ng_failure_terminal') === 'true';
    const state = name === MASKED ? MASKED : final ? 'final' : 'failed';
    ledger.addFailure(task, rollout, state, kindOf(name));
  }
  return ledger;
}
