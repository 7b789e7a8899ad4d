import { open } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import { beside } from '../files/beside.js';
import { rereadLine, type StoredLine } from '../files/lines.js';
import { optionalRows, parsedRows, parseResult, parseStored, type ParsedRow } from './parsed-rows.js';
import { isMasked } from '../../protocol/index.js';
import type { RolloutStatus } from './statistics.js';

/** One planned rollout with what is stored of it. */
export interface StoredRollout extends ParsedRow {
  status: RolloutStatus;
}

/** Rollouts by task and repeat; both are below 2^26, so that their key is a whole number. */
const key = (task: number, rollout: number): number => task * 2 ** 26 + rollout;

const MASKED = 'masked';

/**
 * Every rollout of a run once, from its files alone: those with a result, scored or masked, then those whose last
 * attempt failed, then those of the materialized inputs that nothing is stored of. Memory: a number per rollout, a place per
 * failure. `notice` is told of what was left out. Throws NgError for a bad line or a result that is there twice.
 */
export async function* storedRollouts(
  rollouts: string,
  notice: (message: string) => void,
): AsyncGenerator<StoredRollout, void, void> {
  const torn = (file: string) => (line: StoredLine) =>
    notice(`Line ${line.number} of ${file} is half written and was left out.`);
  const done = new Set<number>();
  for await (const parsed of parsedRows(rollouts, 'rollouts file', torn('the rollouts'), parseResult)) {
    const id = key(parsed.task, parsed.rollout);
    if (done.has(id)) {
      throw errors.reportDuplicateRollout(parsed.task, parsed.rollout, [`${rollouts}:${parsed.line.number}`]);
    }
    done.add(id);
    yield { ...parsed, status: isMasked(parsed.row) ? 'masked' : 'scored' };
  }
  yield* lastFailures(beside(rollouts, '_failures.jsonl'), done, torn('the failures'));
  const inputs = beside(rollouts, '_materialized_inputs.jsonl');
  for await (const parsed of optionalRows(inputs, torn('the inputs'))) {
    if (!done.has(key(parsed.task, parsed.rollout))) yield { ...parsed, status: 'owed' };
  }
}

async function* lastFailures(
  file: string,
  done: Set<number>,
  onTorn: (line: StoredLine) => void,
): AsyncGenerator<StoredRollout, void, void> {
  const last = new Map<number, Omit<StoredLine, 'text'>>();
  for await (const { line, task, rollout } of optionalRows(file, onTorn)) {
    const { number, offset, length } = line;
    const id = key(task, rollout);
    if (!done.has(id)) last.set(id, { number, offset, length });
  }
  if (last.size === 0) return;
  const handle = await open(file, 'r');
  try {
    for (const [id, place] of last) {
      const parsed = parseStored(file, { ...place, text: await rereadLine(handle, place) });
      done.add(id);
      yield { ...parsed, status: parsed.row._ng_failure_class === MASKED ? 'masked' : 'failed' };
    }
  } finally {
    await handle.close();
  }
}
