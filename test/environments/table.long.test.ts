import { describe, expect, it } from 'vitest';
import { conformanceMissing } from '../support/conformance.js';
import { byReference } from '../support/reference.js';
import { WITH_CASES } from './oracle.js';
import { playAll } from './oracle-compare.js';
import { NOT_COMPARED, recordedRewards, WITH_ROLLOUTS } from './recorded-rollouts.js';
import type { Measured, TableRow } from './table.js';
import { described, NAMES, readTable, writeTable } from './table.js';

const RECORD = process.env['NGYM_RECORD'] === '1';

/** Microseconds as `0.12 ms`: the median, which no start and no collection of garbage moves. */
function cost(cpu: readonly number[]): string | null {
  const middle = [...cpu].sort((a, b) => a - b)[Math.floor(cpu.length / 2)];
  return middle === undefined ? null : `${(middle / 1000).toFixed(2)} ms`;
}

async function measure(name: string): Promise<Measured> {
  const { all, differing, cpu } = WITH_CASES.includes(name)
    ? await playAll(name)
    : { all: 0, differing: new Map(), cpu: [] };
  const rewards = WITH_ROLLOUTS.includes(name) && !(name in NOT_COMPARED) ? await recordedRewards(name) : [];
  const equal = rewards.filter(({ found, recorded }) => found === recorded).length;
  return {
    cases: all === 0 ? null : `${all - differing.size} / ${all}`,
    rollouts: rewards.length === 0 ? null : `${equal} / ${rewards.length}`,
    cost: cost(cpu),
  };
}

const { here, without } = byReference(NAMES);

describe.skipIf(conformanceMissing !== false || without.length > 0)(
  'the table of docs/environments.md',
  () => {
    it(
      RECORD ? 'is made' : 'says what is counted',
      async () => {
        const rows: TableRow[] = [];
        for (const name of here) rows.push({ ...described(name), ...(await measure(name)) });
        if (RECORD) writeTable(rows);
        // What a verification costs is another number each time.
        const counted = (row: TableRow): unknown => ({ ...row, cost: null });
        expect(readTable().map(counted)).toEqual(rows.map(counted));
      },
      600_000,
    );
  },
);
